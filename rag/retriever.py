"""LlamaIndex's door: the index as a retriever and its chunks as nodes, for those who build with LlamaIndex."""

from collections.abc import Sequence
from typing import Any

from llama_index.core.node_parser import NodeParser
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import BaseNode, Document, MetadataMode, NodeWithScore, QueryBundle, TextNode

from index.chunk import chunk_spans
from index.engine import Index


class FootnoteRetriever(BaseRetriever):
    """Passages as nodes; `start_char_idx` and `end_char_idx` are offsets into the article's text."""

    def __init__(self, index: Index, limit: int = 8) -> None:
        super().__init__()
        self._index = index
        self._limit = limit

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [
            NodeWithScore(
                node=TextNode(
                    id_=passage.chunk.id,
                    text=passage.text,
                    start_char_idx=passage.chunk.start,
                    end_char_idx=passage.chunk.end,
                    metadata={
                        "title": passage.article.title,
                        "date": passage.article.date,
                        "source": passage.article.source,
                    },
                ),
                score=passage.score,
            )
            for passage in self._index.search(query_bundle.query_str, limit=self._limit)
        ]


class SentenceNodeParser(NodeParser):
    """Nodes of whole sentences with exact offsets; `metadata["sentences"]` holds their spans.

    LlamaIndex's own splitters find a chunk's offsets by searching for its text, which is wrong where text repeats.
    """

    chunk_tokens: int = 200

    def _parse_nodes(
        self,
        nodes: Sequence[BaseNode],
        show_progress: bool = False,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> list[BaseNode]:
        parsed: list[BaseNode] = []
        for node in nodes:
            text = node.get_content(metadata_mode=MetadataMode.NONE)
            for group in chunk_spans(text, self.chunk_tokens):
                start, end = group[0][0], group[-1][1]
                parsed.append(
                    TextNode(
                        id_=f"{node.node_id}:{start}-{end}",
                        text=text[start:end],
                        start_char_idx=start,
                        end_char_idx=end,
                        metadata={"sentences": group},
                    )
                )
        return parsed

    def _postprocess_parsed_nodes(
        self,
        nodes: list[BaseNode],
        parent_doc_map: dict[str, Document],  # noqa: ARG002
    ) -> list[BaseNode]:
        """The inherited step would search for each text again and overwrite the offsets."""
        return nodes
