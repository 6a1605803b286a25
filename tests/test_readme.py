"""The README's tree is the disk's, and its settings are the program's."""

import re
import subprocess
from pathlib import Path

from index.config import PREFIX
from rag.config import RagSettings

PROJECT = Path(__file__).parents[1]
README = (PROJECT / "README.md").read_text("utf-8")


def tree() -> set[str]:
    """The paths that the README's tree names: a folder ends in a slash, its files are indented below it."""
    block = re.search(r"## The tree\n+```\n(.*?)```", README, re.DOTALL)
    assert block
    paths, folder = set(), ""
    for line in block.group(1).splitlines():
        match = re.match(r"(  )?(\S+)", line)
        if not match:
            continue
        indented, name = match.groups()
        if not indented:
            folder = name if name.endswith("/") else ""
            paths.add(name)
        else:
            paths.add(folder + name)
    return {path for path in paths if not path.endswith("/")}


def on_disk() -> set[str]:
    found = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    return {path for path in found.stdout.splitlines() if (PROJECT / path).exists()}


def test_every_file_has_its_line_in_the_tree_and_every_line_its_file() -> None:
    skipped = {
        path
        for path in on_disk()
        if path.startswith(("evals/results/", "evals/cases/news/", "docs/")) or path == "README.md"
    }
    assert tree() == on_disk() - skipped


def test_every_setting_is_in_the_readme() -> None:
    for name in RagSettings.model_fields:
        if name not in ("base_url", "api_key"):
            assert f"`{PREFIX}{name}`".upper() in README.upper(), name
