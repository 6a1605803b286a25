"""Settings of the index, from FOOTNOTE_* variables or a `footnote.toml`."""

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from index.errors import ConfigError

PREFIX = "FOOTNOTE_"


class Settings(BaseSettings):
    """Frozen; variables win over the file. Subclasses add their own names."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        toml_file="footnote.toml",
        frozen=True,
        extra="forbid",
        env_ignore_empty=True,
        populate_by_name=True,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        try:
            toml_settings = TomlConfigSettingsSource(settings_cls)
        except (ValueError, OSError) as error:  # a TOMLDecodeError is a ValueError
            raise ConfigError(f"footnote.toml cannot be read: {error}.") from error
        return init_settings, env_settings, toml_settings


class IndexSettings(Settings):
    """Where the index lives and how it is built; OPENAI_BASE_URL and OPENAI_API_KEY mean what they mean everywhere."""

    data_dir: Path = Path(".footnote")
    embedding: Literal["auto", "static"] = "auto"
    chunk_tokens: int = Field(200, ge=20, le=2_000)
    dense_weight: float = Field(0.5, ge=0, le=1)
    chroma_url: str = ""
    base_url: str = Field("", validation_alias="OPENAI_BASE_URL")
    api_key: SecretStr = Field(SecretStr(""), validation_alias="OPENAI_API_KEY", exclude=True)

    @field_validator("chroma_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        if url and not re.fullmatch(r"https?://[^\s/?#@]+/?", url):
            raise ValueError("not the address of a Chroma server, such as http://localhost:8000")
        return url.rstrip("/")


def first_problem(error: ValidationError) -> ConfigError:
    """The first thing wrong with the settings, in one line that names the variable."""
    problem = error.errors()[0]
    loc = "_".join(map(str, problem["loc"])).upper()
    name = loc if loc.startswith("OPENAI_") else f"{PREFIX}{loc}"
    if problem["type"] == "extra_forbidden":
        return ConfigError(f"{name.removeprefix(PREFIX).lower()} in footnote.toml is not a setting.")
    given = "" if "KEY" in name else f" (it is {problem['input']!r})"
    return ConfigError(f"{name}: {problem['msg']}{given}.")
