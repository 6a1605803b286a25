"""What `footnote doctor` learnt of an endpoint, kept in the data folder; and how much of a prompt fits there."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from index.address import OPENAI, has_version, shown
from index.tokens import count_tokens, knows
from rag.config import RagSettings
from rag.endpoint.prose import PROSE
from rag.endpoint.wire import Dialect

MARGIN = 0.95  # the marks that a chat's template puts around messages are counted by nobody
BLIND_MARGIN = 0.8  # where neither the model's tokens are known nor a ratio was measured


@dataclass(frozen=True, slots=True)
class Profile:
    """One model at one address. None where it could not be told.

    `address` is where it answers, with /v1 where the settings lack it. `window` is in tokens of `characters_per_token`,
    prompt and reply together; None where no limit was met up to `window_tested`.
    `cuts_silently`: a prompt that is too long loses its beginning, and nothing says so. `reasoning` is "tags" (in the
    text), "field" (beside it) or "". `first_token` is in seconds.
    """

    address: str
    model: str
    made: str = ""  # the time in UTC, ISO 8601
    window: int | None = None
    window_tested: int = 0
    cuts_silently: bool | None = None
    characters_per_token: float | None = None
    limit_field: str = "max_tokens"  # or max_completion_tokens
    supports_temperature: bool = True
    supports_system: bool | None = None
    supports_usage: bool | None = None
    supports_stream_usage: bool | None = None
    supports_json_object: bool | None = None
    supports_json_schema: bool | None = None
    supports_stop: bool | None = None
    reasoning: str = ""
    embedding_dimension: int | None = None
    embedding_batch: int | None = None
    reranks: bool | None = None
    first_token: float | None = None
    tokens_per_second: float | None = None


def save(profile: Profile, settings: RagSettings) -> Path:
    """Written where `load` looks for it: the name has the model of the settings, empty where the endpoint chose.

    Raises:
        OSError: the folder cannot be written.
    """
    path = _path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(profile), indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def load(settings: RagSettings) -> Profile | None:
    """The profile of the endpoint that the settings name; None where it was never examined."""
    try:
        return Profile(**json.loads(_path(settings).read_text("utf-8")))
    except (OSError, ValueError, TypeError):  # none, or one of another version
        return None


def prompt_budget(settings: RagSettings, profile: Profile | None) -> int:
    """The most tokens, counted as `index.tokens` does, that a prompt may have so that the reply still fits."""
    if profile is None or profile.window is None:
        return settings.prompt_tokens
    room = profile.window - reply_budget(settings, profile)
    if profile.characters_per_token:
        ratio = MARGIN * profile.characters_per_token * count_tokens(PROSE) / len(PROSE)
    else:
        ratio = MARGIN if knows(profile.model) else BLIND_MARGIN
    return max(1, min(settings.prompt_tokens, int(room * ratio)))


def reply_budget(settings: RagSettings, profile: Profile | None) -> int:
    """The most tokens that a reply may have: a third of a window that is too small for what the settings say."""
    if profile is None or profile.window is None:
        return settings.answer_tokens
    return max(1, min(settings.answer_tokens, profile.window // 3))


def first_dialect(profile: Profile | None, address: str) -> Dialect:
    """The words that an endpoint is known to take; all that there are where it was never examined."""
    if profile is None:
        return Dialect()
    return Dialect(
        path="/v1" if has_version(profile.address) and not has_version(address) else "",
        counts=profile.supports_stream_usage is not False,
        system=profile.supports_system is not False,
        temperature=profile.supports_temperature,
        limit=profile.limit_field,
    )


def _path(settings: RagSettings) -> Path:
    address = shown(settings.base_url or OPENAI).rstrip("/")
    name = hashlib.sha256(f"{address}\n{settings.model}".encode()).hexdigest()[:16]
    return settings.data_dir / "profiles" / f"{name}.json"
