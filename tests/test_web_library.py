"""The library tab wired into the window: what it says while a job runs, and who hears that the articles changed."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from windows import empty_assistant, in_a_loop

from rag.assistant import Assistant
from ui.jobs import Outcome

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # third parties', when gradio is imported


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    return empty_assistant(tmp_path / "data")


@pytest.fixture
def changes(assistant: Assistant) -> Any:
    from ui.web import library
    from ui.web.door import gr

    def laid_out() -> Any:
        with gr.Blocks():
            made = library._Changes(assistant.index, library._List(assistant.index, may_change=True))
            made.lay_out()
        return made

    return in_a_loop(laid_out)


@pytest.fixture
def job(changes: Any) -> Iterator[threading.Event]:
    """One that runs until the event is set, started in another window."""
    may_end, begun = threading.Event(), threading.Event()

    def work(_: object) -> Outcome:
        begun.set()
        assert may_end.wait(20)
        return Outcome("Done: 1 added.")

    changes._jobs.start("Indexing 1 file", work)
    assert begun.wait(20)
    yield may_end
    may_end.set()


def look(changes: Any, seen: Any) -> tuple[str, Any]:
    """What a window shows at its next look, and what it then has seen."""
    update = changes._looked(seen)
    return update.get(changes.work, ""), update.get(changes.seen, seen)


@pytest.mark.parametrize("refused", ["https://a.example/", "/etc/passwd"])
def test_what_cannot_be_begun_now_stays_beside_the_job_that_runs(
    changes: Any, job: threading.Event, refused: str
) -> None:
    update = changes._pages(refused)
    assert changes.addresses not in update  # they are not lost
    said = "Indexing 1 file is still going on" if refused.startswith("http") else "not a web address"
    shown, seen = update[changes.work], update[changes.seen]
    for _ in range(3):
        assert said in shown
        assert "<progress" in shown
        shown, seen = look(changes, seen)
    job.set()
    finish(changes)
    shown, seen = look(changes, seen)
    assert "Done: 1 added." in shown
    assert said not in shown
    assert changes.work not in changes._looked(seen)


def finish(changes: Any) -> None:
    for thread in threading.enumerate():
        if thread.name == "footnote-job":
            thread.join(20)
    assert not changes._jobs.work.running


@pytest.mark.parametrize("may_change", [True, False])
def test_the_masthead_counts_again_when_the_list_shows_other_articles(
    assistant: Assistant, tmp_path: Path, may_change: bool
) -> None:
    from ui.web.window import Options, build

    blocks = in_a_loop(lambda: build(assistant, Options(may_change=may_change)))
    names = {key: block.elem_id for key, block in blocks.blocks.items()}
    shown = "status" if may_change else "listing"
    found: list[Any] = [
        one.fn
        for one in blocks.fns.values()
        if [names.get(part._id or 0) for part in one.outputs] == ["top"]
        and any(event == "change" and names.get(key or 0) == shown for key, event in one.targets)
    ]
    (counts,) = found
    assert "Nothing is indexed yet." in counts(None)
    (tmp_path / "boats.txt").write_text("The boats\n\nHere are 12 boats.\n", "utf-8")
    assistant.index.sync([tmp_path / "boats.txt"])
    assert "1 article indexed." in counts(None)


@pytest.mark.parametrize("may_change", [True, False])
def test_a_browser_can_name_no_file_of_the_machine(assistant: Assistant, may_change: bool) -> None:
    from ui.web.window import Options, build

    assert in_a_loop(lambda: build(assistant, Options(may_change=may_change))).has_launched  # else Gradio never looks
