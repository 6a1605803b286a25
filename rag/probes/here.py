"""What can be told on this machine: the index, the embedder, the disk, versions, proxies, certificates."""

import os
import platform
import shutil
import tempfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.request import getproxies

from index.address import LOOPBACK, shown, split
from index.config import IndexSettings
from index.database import sqlite
from index.embed import make_embedder
from index.engine import Index
from index.errors import FootnoteError, IndexMissing
from index.minilm import WEIGHTS_SHA256, MinilmEmbedder
from index.static import StaticEmbedder, weights_hash
from rag.config import RagSettings
from rag.endpoint.rerank import Reranker
from rag.endpoint.trouble import Trouble, within
from rag.probes.finding import Finding, excerpt

PACKAGES = "footnote", "openai", "chromadb", "gradio"
LITTLE = 1_000_000_000  # bytes of disk that soon are none
HASH_SHOWN = 12  # digits


def check_index(settings: IndexSettings) -> Finding:
    try:
        status = Index(settings).status()
    except IndexMissing:
        return Finding("index", "not offered", "nothing is indexed yet", "footnote index PATH")
    except FootnoteError as error:
        return Finding("index", "fails", error.message, error.hint)
    recipe = ", ".join(f"{name} {value}" for name, value in status.recipe.items())
    detail = f"articles: {status.articles:,}, passages: {status.chunks:,}; {recipe}"
    if not status.agrees:
        return Finding("index", "works, but", f"{detail}; a sync runs or was cut short", "footnote index")
    if status.failed:
        detail += f"; files that cannot be read: {len(status.failed):,}"
        return Finding("index", "works, but", detail, "footnote index --status")
    return Finding("index", "ok", detail)


def check_embedder(settings: IndexSettings, patience: float) -> Finding:
    try:
        embedder = make_embedder(settings)
        shape = within(patience, lambda: embedder.embed(["The ferry left the harbour late."])).shape
    except FootnoteError as error:
        return Finding("embedder", "fails", error.message, error.hint)
    except Trouble as trouble:
        return Finding("embedder", "fails", trouble.detail, "FOOTNOTE_EMBEDDING=auto")
    detail = f"{excerpt(embedder.name, 80)}, {shape[1]} dimensions"
    if isinstance(embedder, MinilmEmbedder):  # it loads nothing but weights with this hash
        detail += f", weights {WEIGHTS_SHA256[:HASH_SHOWN]}"
    if isinstance(embedder, StaticEmbedder):
        detail += f", weights {weights_hash()[:HASH_SHOWN]}"
    return Finding("embedder", "ok", detail)


def check_reranker(settings: RagSettings) -> Finding:
    """Does the model that is to rank the passages tell which document answers?"""
    documents = ["Apples were cheaper this autumn.", "The ferry left the harbour late."]
    try:
        first, _ = Reranker(settings).rank("When did the ferry leave?", documents, 2)
    except FootnoteError as error:
        return Finding("rerank model", "fails", error.message, error.hint)
    if first == 0:
        return Finding("rerank model", "works, but", "puts the wrong document first")
    return Finding("rerank model", "ok", f"{excerpt(settings.rerank, 80)} puts the right document first")


def check_disk(settings: IndexSettings) -> Finding:
    folder = settings.data_dir.absolute()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
        free = shutil.disk_usage(there).free
    except OSError as error:
        setting = "FOOTNOTE_DATA_DIR=/a/folder/of/yours"
        return Finding("data folder", "fails", f"{folder} cannot be written: {error.strerror}", setting)
    detail = f"{folder}, {free / 1e9:.1f} GB free"
    return Finding("data folder", "works, but" if free < LITTLE else "ok", detail)


def check_versions(_: IndexSettings) -> Finding:
    sqlite_version, searches = sqlite()
    found = [f"Python {platform.python_version()}", *(f"{name} {_version(name)}" for name in PACKAGES)]
    detail = ", ".join([*found, f"SQLite {sqlite_version} {'with' if searches else 'without'} FTS5"])
    return Finding("versions", "ok" if searches else "fails", detail)


def check_proxies(settings: IndexSettings) -> Finding:
    proxies = {scheme: shown(address) for scheme, address in getproxies().items() if scheme != "no"}
    if not proxies:
        return Finding("proxies", "ok", "none set")
    detail = ", ".join(f"{scheme} by {address}" for scheme, address in proxies.items())
    if split(settings.base_url).hostname in LOOPBACK:
        detail += "; the endpoint is on this machine and asked without"
    return Finding("proxies", "ok", detail)


def check_certificates(_: IndexSettings) -> Finding:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        if path := os.environ.get(name):
            there = Path(path).exists()
            detail = f"{name} is {path}" + ("" if there else ", which does not exist")
            return Finding("certificates", "ok" if there else "works, but", detail, "" if there else f"unset {name}")
    return Finding("certificates", "ok", "the usual authorities; SSL_CERT_FILE adds others")


CHECKS: dict[str, Callable[[IndexSettings], Finding]] = {
    "index": check_index,
    "data folder": check_disk,
    "versions": check_versions,
    "proxies": check_proxies,
    "certificates": check_certificates,
}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"
