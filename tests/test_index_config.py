"""A setting that makes no sense is named."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from index.config import IndexSettings, first_problem
from index.errors import ConfigError


@pytest.fixture(autouse=True)
def bare(tmp_path, monkeypatch):
    """No variable and no footnote.toml but those of the test."""
    for name in [name for name in os.environ if name.startswith("FOOTNOTE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def problem() -> ConfigError:
    with pytest.raises(ValidationError) as caught:
        IndexSettings()
    return first_problem(caught.value)


def test_defaults():
    assert IndexSettings().data_dir == Path(".footnote")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FOOTNOTE_CHUNK_TOKENS", "many"),
        ("FOOTNOTE_CHUNK_TOKENS", "0"),
        ("FOOTNOTE_DENSE_WEIGHT", "1.5"),
        ("FOOTNOTE_EMBEDDING", "no\nsuch"),
        ("FOOTNOTE_CHROMA_URL", "10.0.0.5:8000"),
        ("FOOTNOTE_CHROMA_URL", "ftp://10.0.0.5"),
        ("FOOTNOTE_CHROMA_URL", "http://"),
        ("FOOTNOTE_CHROMA_URL", "http://10.0.0.5:99999"),
        ("FOOTNOTE_CHROMA_URL", "http://10.0.0.5:8000/api"),
        ("FOOTNOTE_CHROMA_URL", "nonsense"),
    ],
)
def test_a_bad_value_names_its_variable_in_one_line(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    message = str(problem())
    assert message.startswith(name)
    assert repr(value) in message
    assert "\n" not in message


def test_an_unknown_name_in_the_file_is_named():
    Path("footnote.toml").write_text("chunk_size = 100\n")
    assert "chunk_size in footnote.toml" in str(problem())


@pytest.mark.parametrize("content", [b"chunk_tokens = \n", b"\xff"])
def test_a_file_that_is_no_toml_is_a_config_error(content):
    Path("footnote.toml").write_bytes(content)
    with pytest.raises(ConfigError, match=r"footnote\.toml"):
        IndexSettings()


def test_a_variable_wins_over_the_file_and_an_empty_one_counts_as_unset(monkeypatch):
    Path("footnote.toml").write_text("chunk_tokens = 100\ndense_weight = 0.3\n")
    monkeypatch.setenv("FOOTNOTE_CHUNK_TOKENS", "150")
    monkeypatch.setenv("FOOTNOTE_DENSE_WEIGHT", "")
    found = IndexSettings()
    assert (found.chunk_tokens, found.dense_weight) == (150, 0.3)


def test_settings_are_frozen():
    with pytest.raises(ValidationError):
        IndexSettings().chunk_tokens = 5
