"""The index as a LlamaIndex retriever."""

from pathlib import Path

import pytest
from llama_index.core.schema import Document

from index.engine import Index

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def test_nodes_hold_the_passages_with_exact_offsets(seeds_index: Index) -> None:
    from rag.retriever import FootnoteRetriever

    found = FootnoteRetriever(seeds_index, limit=3).retrieve("How many strikes?")
    assert len(found) == 3
    for scored in found:
        node = scored.node
        text = Path(node.metadata["source"]).read_bytes().decode()
        assert text[node.start_char_idx : node.end_char_idx] == node.text
    assert "strikes" in found[0].node.text


def test_nodes_are_the_chunks_of_the_index(seeds_index):
    from rag.retriever import SentenceNodeParser

    article = seeds_index.article(seeds_index.entries()[0].id)
    nodes = SentenceNodeParser().get_nodes_from_documents([Document(text=article.text, id_=article.id)])
    assert [(node.start_char_idx, node.end_char_idx, node.metadata["sentences"]) for node in nodes] == [
        (chunk.start, chunk.end, chunk.sentences) for chunk in seeds_index.chunk(article)
    ]
    assert all(article.text[node.start_char_idx : node.end_char_idx] == node.text for node in nodes)
