"""The index as a LlamaIndex retriever."""

from pathlib import Path

import pytest

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
