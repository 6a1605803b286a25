"""tiktoken's door: token counts with no network, from the vocabulary files that llama-index-core ships."""

import os
from functools import lru_cache
from importlib.metadata import distribution
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding


@lru_cache
def encoding() -> "Encoding":
    """The cl100k vocabulary; tiktoken would download it unless the cache folder is named first."""
    cache = distribution("llama-index-core").locate_file("llama_index/core/_static/tiktoken_cache")
    os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(cache))
    import tiktoken

    return tiktoken.get_encoding("cl100k_base")


def count_tokens(text: str) -> int:
    """Number of cl100k tokens; text that looks like a special token is counted as plain text."""
    return len(encoding().encode_ordinary(text))


def knows(model: str) -> bool:
    """Whether tiktoken has the tokens of this model: those of OpenAI, near enough to cl100k."""
    from tiktoken.model import encoding_name_for_model

    try:
        return bool(encoding_name_for_model(model))
    except KeyError:
        return False
