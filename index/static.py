"""Averaged token vectors (wordllama's 256 dimensions, bundled with it): no model to run, nothing to download."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.embed import Matrix, unit_rows
from index.errors import ConfigError
from index.weights import map_file, package_folder, sha256, tensors

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PACKAGE = "wordllama"  # only its files are used: the import takes longer than all the rest and sets up logging
WEIGHTS = Path("weights", "l2_supercat_256.safetensors")
DIMENSION = 256
TEXTS = 1_024  # tokenized together; bounds the memory
LOADING = threading.Lock()


@dataclass(frozen=True)
class Model:
    tokenizer: "Tokenizer"
    vectors: Matrix  # of each token


class StaticEmbedder:
    """The mean of the vectors of a text's tokens, whatever their order; about 4,000 passages a second on two cores."""

    name = "static:wordllama-l2-supercat-256"
    dense_weight = 0.5

    def __init__(self, notice: str = "") -> None:
        self.notice = notice

    def embed(self, texts: Sequence[str]) -> Matrix:
        sums = np.empty((len(texts), DIMENSION), dtype=np.float32)
        if not texts:
            return sums
        with LOADING:
            model = _load()
        for start in range(0, len(texts), TEXTS):
            # Half of a surrogate pair may come from a terminal; the tokenizer refuses it.
            batch = [text.encode(errors="replace").decode() for text in texts[start : start + TEXTS]]
            # No padding and one gather a text: six times as fast as one gather of a padded batch, or reduceat over it.
            for row, encoding in enumerate(model.tokenizer.encode_batch_fast(batch, add_special_tokens=False), start):
                sums[row] = model.vectors.take(encoding.ids, axis=0).sum(axis=0)
        return unit_rows(sums)  # of the sum as of the mean


@lru_cache(maxsize=1)  # one copy a process, however many indexes are open
def _load() -> Model:
    """About 0.1 s."""
    from tokenizers import Tokenizer

    folder = package_folder(PACKAGE)
    try:
        if folder is None:
            raise FileNotFoundError(f"{PACKAGE} is not installed")
        tokenizer = Tokenizer.from_buffer((folder / "tokenizers" / "l2_supercat_tokenizer_config.json").read_bytes())
        weights = tensors(map_file(folder / WEIGHTS))["embedding.weight"]
    except (OSError, ValueError, KeyError) as error:
        raise ConfigError(f"The bundled vectors cannot be read: {error}.", "Run: make setup") from error
    return Model(tokenizer, np.asarray(weights, dtype=np.float32))


def weights_hash() -> str:
    """SHA-256 of the bundled weights, empty where there are none."""
    folder = package_folder(PACKAGE)
    return sha256(map_file(folder / WEIGHTS)) if folder else ""
