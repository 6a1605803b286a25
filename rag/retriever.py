"""The index as a LlamaIndex retriever, for those who build with LlamaIndex."""

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

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
