"""Weights that lie in installed packages: where they are, their hash, their arrays. No package is imported."""

import hashlib
import importlib.util
import json
import mmap
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

NUMBERS: dict[str, np.dtype[np.floating]] = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2")}


def package_folder(package: str) -> Path | None:
    """The folder of an installed package; None without it."""
    found = importlib.util.find_spec(package)
    places = found.submodule_search_locations if found else None
    return Path(next(iter(places))) if places else None


def sha256(content: bytes | mmap.mmap) -> str:
    return hashlib.sha256(content).hexdigest()


def map_file(path: Path) -> mmap.mmap:
    """The bytes of a file, shared with every other process that reads it.

    Raises:
        OSError: it cannot be read.
        ValueError: it is empty.
    """
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def tensors(content: mmap.mmap) -> dict[str, NDArray[np.floating]]:
    """Name → array of a safetensors file, without a copy: the arrays keep the file mapped.

    The format (https://github.com/huggingface/safetensors): the length of the header in 8 bytes, little-endian; the
    header in JSON, with types, shapes and offsets behind it; the numbers. Types that are not in NUMBERS are left out.
    """
    start = 8 + int.from_bytes(content[:8], "little")
    found = {}
    for name, entry in json.loads(content[8:start]).items():
        if kind := NUMBERS.get(entry.get("dtype")):
            begin, end = entry["data_offsets"]
            flat = np.frombuffer(content, kind, (end - begin) // kind.itemsize, start + begin)
            found[name] = flat.reshape(entry["shape"])
    return found
