"""Article → chunks: whole sentences packed to a token budget, as a LlamaIndex node parser.

LlamaIndex's own splitters find a chunk's offsets by searching for its text, which is wrong where text repeats; here the
spans come first and the text is cut from them.
"""

from collections.abc import Callable, Sequence
from typing import Any

from llama_index.core.node_parser import NodeParser
from llama_index.core.schema import BaseNode, Document, MetadataMode, TextNode

from index.records import Article, Chunk, Span
from index.sentences import sentence_runs
from index.tokens import count_tokens


def pack(runs: list[list[Span]], count: Callable[[Span], int], budget: int) -> list[tuple[Span, ...]]:
    """Groups of neighbouring sentences of at most `budget` tokens; a longer sentence is a group of its own."""
    groups: list[tuple[Span, ...]] = []
    for run in runs:
        group: list[Span] = []
        used = 0
        for sentence in run:
            tokens = count(sentence)
            if group and used + tokens > budget:
                groups.append(tuple(group))
                group, used = [], 0
            group.append(sentence)
            used += tokens
        groups.append(tuple(group))
    return groups


class SentenceNodeParser(NodeParser):
    """Nodes of whole sentences with exact offsets; `metadata["sentences"]` holds their spans."""

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

            def count(span: Span, text: str = text) -> int:
                return count_tokens(text[span[0] : span[1]])

            for group in pack(sentence_runs(text), count, self.chunk_tokens):
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


def chunk_articles(articles: Sequence[Article], chunk_tokens: int) -> dict[str, list[Chunk]]:
    """Article id → its chunks, in order."""
    parser = SentenceNodeParser(chunk_tokens=chunk_tokens)
    chunks: dict[str, list[Chunk]] = {article.id: [] for article in articles}
    for node in parser.get_nodes_from_documents([Document(text=one.text, id_=one.id) for one in articles]):
        article_id, group = node.id_.partition(":")[0], node.metadata["sentences"]
        chunks[article_id].append(Chunk(node.id_, article_id, group[0][0], group[-1][1], group))
    return chunks
