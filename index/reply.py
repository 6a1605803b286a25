"""The reply of an embedding endpoint → vectors, or what is wrong with it (pure)."""

import base64
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Unreadable(Exception):
    """The reply is not one vector for each text; the message says why."""


def read_reply(content: bytes, count: int) -> NDArray[np.float64]:
    """The vectors in an answer, in the order of the texts.

    Raises:
        Unreadable: it is not one vector of finite numbers for each text.
    """
    try:
        entries: Any = json.loads(content)["data"]
        if len(entries) != count:
            raise Unreadable(f"{len(entries)} vectors for {count} texts")
        ordered = sorted(entries, key=lambda entry: entry["index"])
        if [entry["index"] for entry in ordered] != list(range(count)):
            raise Unreadable("vectors that do not say of which text they are")
        vectors = np.array([_numbers(entry["embedding"]) for entry in ordered])
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise Unreadable("no list of vectors") from error
    if vectors.ndim != 2 or not vectors.shape[1]:
        raise Unreadable("no list of vectors")
    if not np.all(np.abs(vectors) < 1e30):  # nor is a NaN
        raise Unreadable("numbers that are not finite")
    return vectors


def _numbers(embedding: Any) -> NDArray[np.float64]:
    """From a list, or from base64 of little-endian float32, which some servers send whatever they are asked for."""
    if isinstance(embedding, str):
        return np.frombuffer(base64.b64decode(embedding, validate=True), dtype="<f4").astype(np.float64)
    return np.array(embedding, dtype=np.float64)
