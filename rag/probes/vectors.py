"""Does the address serve embeddings, of what shape and how many at a time, and does it rank documents?"""

import json
from dataclasses import replace

from index.endpoint import BATCH_TEXTS
from index.reply import Unreadable, read_ranking, read_reply
from rag.endpoint.profile import Profile
from rag.endpoint.trouble import Trouble
from rag.probes.chat import Probed
from rag.probes.finding import Finding, excerpt
from rag.probes.wire import Endpoint


def embeddings(endpoint: Endpoint, profile: Profile) -> Probed:
    """One text, then as many as an index is built with, and fewer until they are taken."""
    try:
        dimension = _dimension(endpoint, 1)
    except Trouble as trouble:
        if not trouble.refuses:
            raise
        return [Finding("embeddings", "not offered", trouble.detail)], profile
    batch = BATCH_TEXTS
    while batch > 1:
        try:
            if _dimension(endpoint, batch) == dimension:
                break
        except Trouble as trouble:
            if not (trouble.refuses or trouble.status == 413):
                raise
        batch //= 2
    learnt = replace(profile, embedding_dimension=dimension, embedding_batch=batch)
    detail = f"{dimension} dimensions from {excerpt(endpoint.embedding_model)}"
    if batch < BATCH_TEXTS:
        return [Finding("embeddings", "works, but", f"{detail}, at most {batch} texts at a time")], learnt
    return [Finding("embeddings", "ok", detail)], learnt


def _dimension(endpoint: Endpoint, count: int) -> int:
    texts = [f"The ferry left pier {number}." for number in range(count)]
    reply = endpoint.post("embeddings", {"model": endpoint.embedding_model, "input": texts, "encoding_format": "float"})
    try:
        return int(read_reply(json.dumps(reply).encode(), count).shape[1])
    except Unreadable as error:
        raise Trouble(f"answers with {error}", status=422) from error


def rerank(endpoint: Endpoint, profile: Profile) -> Probed:
    """Is the document that answers put first?"""
    documents = ["Apples were cheaper this autumn.", "The ferry left the harbour late."]
    try:
        query = "When did the ferry leave?"
        reply = endpoint.post("rerank", {"model": endpoint.rerank_model, "query": query, "documents": documents})
    except Trouble as trouble:
        if not trouble.refuses:
            raise
        return [Finding("rerank", "not offered", trouble.detail)], replace(profile, reranks=False)
    try:
        first, _ = read_ranking(reply, 2, 2)
    except Unreadable as error:
        return [Finding("rerank", "not offered", f"answers with {error}")], replace(profile, reranks=False)
    if first == 0:
        return [Finding("rerank", "works, but", "puts the wrong document first")], replace(profile, reranks=True)
    return [Finding("rerank", "ok", "puts the right document first")], replace(profile, reranks=True)
