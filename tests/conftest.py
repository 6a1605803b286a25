"""Every test starts without settings of the machine; the seeds are indexed once."""

import os
from pathlib import Path

import pytest

from index import nearest
from index.engine import Index
from rag.assistant import Assistant
from rag.config import RagSettings, load_settings
from rag.endpoint import generate

SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("FOOTNOTE_", "OPENAI_")):
            monkeypatch.delenv(name)
    # What these tests claim holds with any embedder; this one is the fastest, and here for everybody.
    monkeypatch.setenv("FOOTNOTE_EMBEDDING", "static")
    load_settings.cache_clear()
    monkeypatch.setattr(generate, "FIRST_WAIT", 0.01)  # nothing but patience is lost
    for name in ("EXACT_UP_TO", "SCANS"):
        monkeypatch.setattr(nearest, name, getattr(nearest, name))  # what a test changes ends with it


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    index = Index(RagSettings(data_dir=tmp_path_factory.mktemp("seeds"), embedding="static"))
    index.sync([SEEDS])
    return index


@pytest.fixture(scope="session")
def assistant(seeds_index: Index) -> Assistant:
    """The one that only quotes."""
    assert isinstance(seeds_index.settings, RagSettings)
    return Assistant(seeds_index, seeds_index.settings)
