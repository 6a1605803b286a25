"""The bundled embedder gives wordllama's own vectors, faster, and leaves the process as it was."""

import json
import logging
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index import static
from index.errors import ConfigError
from index.static import StaticEmbedder

SEEDS = Path(__file__).parents[1] / "seeds"
REFERENCE = json.loads(Path(__file__).with_name("minilm_reference.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def embedder():
    return StaticEmbedder()


@pytest.fixture(scope="module")
def original():
    """wordllama itself; it sets up the root logger when imported."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    import wordllama

    root.handlers[:], root.level = handlers, level
    return wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)


def same(embedder, original, texts):
    expected = np.array(original.embed(texts))
    lengths = np.linalg.norm(expected, axis=1, keepdims=True)
    assert np.abs(embedder.embed(texts) - expected / np.where(lengths == 0, 1, lengths)).max() < 1e-6


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(max_size=80), min_size=1, max_size=6))
@example(["<s> a </s>", "▁▁ a", "", " ", "a\x00b"])
def test_vectors_are_those_of_wordllama(embedder, original, texts):
    same(embedder, original, texts)


def test_long_texts_have_the_vectors_of_wordllama(embedder, original):
    articles = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    same(embedder, original, articles + [case["text"] for case in REFERENCE])


@settings(max_examples=30, deadline=None)
@given(texts=st.lists(st.text(max_size=50), max_size=5))
def test_rows_have_length_1_or_0(embedder, texts):
    vectors = embedder.embed(texts)
    assert (vectors.shape, vectors.dtype) == ((len(texts), 256), np.float32)
    lengths = np.linalg.norm(vectors, axis=1)
    assert np.all(np.isclose(lengths, 1, atol=1e-5) | (lengths == 0))


def test_an_empty_text_is_all_zeros(embedder):
    assert not embedder.embed([""]).any()


def test_a_text_has_the_same_vector_alone_and_among_others(embedder):
    alone = embedder.embed(["a dog"])
    among = embedder.embed(["a dog", "a much longer text about cats and their houses", ""])
    assert np.array_equal(alone[0], among[0])


def test_batches_are_put_together_in_order(embedder, monkeypatch):
    texts = [f"text number {number}" for number in range(23)]
    whole = embedder.embed(texts)
    monkeypatch.setattr(static, "TEXTS", 5)
    assert np.array_equal(embedder.embed(texts), whole)


def test_near_meaning_is_near(embedder):
    dog, puppy, tax = embedder.embed(["a dog barked", "the puppy was barking", "income tax law"])
    assert dog @ puppy > dog @ tax


@pytest.mark.parametrize("folder", [None, Path("/nowhere")])
def test_without_the_bundled_files_one_line_says_what_to_do(monkeypatch, folder):
    monkeypatch.setattr(static, "package_folder", lambda _: folder)
    with pytest.raises(ConfigError, match="make setup") as caught:
        static._load.__wrapped__()
    assert "\n" not in str(caught.value)


def test_loading_leaves_the_root_logger_alone_and_imports_no_wordllama():
    code = (
        "import logging, sys; from index.static import StaticEmbedder; StaticEmbedder().embed(['a']); "
        "root = logging.getLogger(); print(root.handlers, root.level == logging.WARNING, 'wordllama' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[] True False\n", "")
