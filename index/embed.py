"""Text → vectors. One Protocol is the only seam; every embedder returns unit vectors."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.config import IndexSettings
from index.errors import ConfigError

Matrix = NDArray[np.float32]
WORDS = ("auto", "minilm", "static")  # what FOOTNOTE_EMBEDDING may be, beside the name of an endpoint's model


class Embedder(Protocol):
    """Making one is cheap; what it needs is loaded, or asked for, when it first embeds. Safe to share between threads.

    `name` is recorded with the index: vectors of two names are never compared. `dense_weight` is what meaning weighs
    against words in the search where no setting says so (0 to 1, measured per embedder). `notice` is one line for the
    person who builds an index with it, empty where there is nothing to say.
    """

    name: str
    dense_weight: float
    notice: str

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Shape (len(texts), dimension), rows of length 1 (all zeros where a text has nothing to embed).

        Raises:
            ConfigError: what the embedder needs is not installed, or is something else.
            EndpointError: the endpoint failed.
        """
        ...


def make_embedder(settings: IndexSettings) -> Embedder:
    """The embedder that FOOTNOTE_EMBEDDING names; `auto` is the best one installed, and never an endpoint.

    Raises:
        ConfigError: it names none.
    """
    from index.minilm import HOW_TO_GET_IT, MinilmEmbedder, is_installed
    from index.static import StaticEmbedder

    wanted = settings.embedding
    if wanted == "minilm" or (wanted == "auto" and is_installed()):
        return MinilmEmbedder()
    if wanted == "auto":
        return StaticEmbedder(f"Searching by meaning works better with all-MiniLM-L6-v2. {HOW_TO_GET_IT}")
    if wanted == "static":
        return StaticEmbedder()
    # A slip of the pen must not send articles away.
    slip = wanted.lower().replace("-", "").replace("_", "") in WORDS
    address = settings.embedding_url or settings.base_url
    if slip or not (address or settings.api_key.get_secret_value()):
        raise ConfigError(
            f"FOOTNOTE_EMBEDDING is {wanted!r}, neither {', '.join(WORDS[:-1])} nor {WORDS[-1]}.",
            "For a model at an endpoint, set FOOTNOTE_EMBEDDING_URL too." if not slip else "",
        )
    from index.endpoint import EndpointEmbedder

    return EndpointEmbedder(wanted, address, settings.api_key)


def unit_rows(vectors: NDArray[np.floating]) -> Matrix:
    """The same directions with length 1; zeros stay zeros."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1, lengths), dtype=np.float32)
