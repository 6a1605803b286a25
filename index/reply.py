"""The reply of an endpoint for embeddings or for a ranking → what was asked for, or what is wrong with it (pure)."""

import base64
import json
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Unreadable(Exception):
    """The reply is not what was asked for; the message says why."""


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


def read_ranking(reply: Any, count: int, wanted: int) -> list[int]:
    """The places of the `wanted` documents, of `count`, that were given the highest scores, best first.

    Raises:
        Unreadable: it is not one finite score for each of at least as many documents.
    """
    try:
        results = [(entry["index"], entry["relevance_score"]) for entry in reply["results"]]
        finite = all(type(score) in (int, float) and math.isfinite(score) for _, score in results)
    except (TypeError, LookupError, OverflowError) as error:
        raise Unreadable("no list of scores") from error
    places = [place for place, _ in results if type(place) is int and 0 <= place < count]
    if len(set(places)) != len(results) or len(results) < wanted:
        raise Unreadable(f"{len(results)} scores for {count} documents")
    if not finite:
        raise Unreadable("scores that are no numbers")
    return [place for place, _ in sorted(results, key=lambda one: (-one[1], one[0]))][:wanted]


def _numbers(embedding: Any) -> NDArray[np.float64]:
    """From a list, or from base64 of little-endian float32, which some servers send whatever they are asked for."""
    if isinstance(embedding, str):
        return np.frombuffer(base64.b64decode(embedding, validate=True), dtype="<f4").astype(np.float64)
    return np.array(embedding, dtype=np.float64)
