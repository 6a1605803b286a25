"""Text → vectors. One Protocol is the only seam; every embedder returns unit vectors."""

import logging
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from wordllama import WordLlamaInference

Matrix = NDArray[np.float32]


class Embedder(Protocol):
    """`name` is recorded with the index: vectors of two names are never compared."""

    name: str

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Shape (len(texts), dimension), rows of length 1 (all zeros for a text without a known token)."""
        ...


class StaticEmbedder:
    """Averaged token vectors (wordllama, 256 dimensions, bundled): no model to run, nothing to download."""

    name = "static:wordllama-l2-supercat-256"

    @cached_property
    def _model(self) -> "WordLlamaInference":
        # wordllama configures the root logger when imported; a library has no business there.
        root = logging.getLogger()
        handlers, level = root.handlers[:], root.level
        import wordllama

        root.handlers[:], root.level = handlers, level
        # It looks for its bundled tokenizer in a cache folder unless told that its own folder is that cache.
        folder = Path(wordllama.__file__).parent
        return wordllama.WordLlama.load(cache_dir=folder, disable_download=True)

    def embed(self, texts: Sequence[str]) -> Matrix:
        if not texts:
            return np.empty((0, 256), dtype=np.float32)
        vectors = np.asarray(self._model.embed(list(texts)), dtype=np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)


def make_embedder(settings: object) -> Embedder:  # noqa: ARG001
    """The embedder that FOOTNOTE_EMBEDDING names. `auto` is the best one installed, today the static one."""
    return StaticEmbedder()
