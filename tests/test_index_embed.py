"""The bundled embedder gives unit vectors and leaves the process as it was."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embed import StaticEmbedder, make_embedder


@pytest.fixture(scope="module")
def embedder():
    return StaticEmbedder()


@settings(max_examples=30, deadline=None)
@given(texts=st.lists(st.text(max_size=50), max_size=5))
def test_rows_have_length_1_or_0(embedder, texts):
    vectors = embedder.embed(texts)
    assert vectors.shape == (len(texts), 256)
    assert vectors.dtype == np.float32
    lengths = np.linalg.norm(vectors, axis=1)
    assert np.all(np.isclose(lengths, 1, atol=1e-5) | (lengths == 0))


def test_an_empty_text_is_all_zeros(embedder):
    assert not embedder.embed([""]).any()


def test_a_text_has_the_same_vector_alone_and_among_others(embedder):
    alone = embedder.embed(["a dog"])
    among = embedder.embed(["a dog", "a much longer text about cats and their houses", ""])
    assert np.allclose(alone[0], among[0], atol=1e-5)


def test_near_meaning_is_near(embedder):
    dog, puppy, tax = embedder.embed(["a dog barked", "the puppy was barking", "income tax law"])
    assert dog @ puppy > dog @ tax


def test_the_embedder_has_a_name_to_record():
    assert make_embedder("static").name == StaticEmbedder.name


def test_loading_leaves_the_root_logger_alone():
    code = (
        "import logging; from index.embed import StaticEmbedder; StaticEmbedder().embed(['a']); "
        "root = logging.getLogger(); print(root.handlers, root.level == logging.WARNING)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[] True\n", "")
