"""Settings of answering, beside those of the index."""

import os
from functools import lru_cache

from pydantic import Field, SecretStr, ValidationError

from index.address import same_server
from index.config import PREFIX, IndexSettings, first_problem
from index.errors import ConfigError


class RagSettings(IndexSettings):
    """The index's settings and those of the writers. Times are in seconds."""

    model: str = ""
    temperature: float = Field(0.0, ge=0, le=2)
    passages: int = Field(10, ge=1, le=50)
    prompt_tokens: int = Field(3_000, ge=200)
    answer_tokens: int = Field(600, ge=16)
    rerank: str = ""  # a model at an endpoint that has the last word on which passages are the best
    rerank_url: str = Field("", repr=False)  # that endpoint, where it is another one than base_url
    rerank_timeout: float = Field(10, gt=0)
    model_checks: bool = False  # the model judges claims that the checks leave open
    connect_timeout: float = Field(5, gt=0)
    first_token_timeout: float = Field(30, gt=0)
    token_timeout: float = Field(20, gt=0)
    answer_timeout: float = Field(180, gt=0)
    rewrite_timeout: float = Field(5, gt=0)  # of a follow-up question; later it is searched as it was asked

    @property
    def has_endpoint(self) -> bool:
        """A key alone is no wish to send articles away: a model or an address must be named."""
        return bool(self.base_url or self.model)


@lru_cache
def load_settings() -> RagSettings:
    """The settings from the environment and `footnote.toml`.

    Raises:
        ConfigError: a name is unknown or a value makes no sense; the message names the variable.
    """
    known = {
        f"{PREFIX}{name}".upper() for name, field in RagSettings.model_fields.items() if not field.validation_alias
    }
    for name in os.environ:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            raise ConfigError(f"{name} is not a setting of Footnote.", "See the list in the README.")
    try:
        return RagSettings()
    except ValidationError as error:
        raise first_problem(error) from error


def choose(settings: RagSettings, url: str, model: str) -> RagSettings:
    """The settings with another endpoint or model; the key goes to no server but the one that it was set for."""
    if not url:
        return settings.model_copy(update={"model": model or settings.model})
    key = settings.api_key if same_server(url, settings.base_url) else SecretStr("")
    return settings.model_copy(update={"base_url": url, "model": model, "api_key": key})
