"""Settings of the index, from FOOTNOTE_* variables or a `footnote.toml`."""

from pathlib import Path
from urllib.parse import urlsplit

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
    embedding: str = Field("auto", max_length=200)  # auto, minilm, static, or a model at an endpoint
    embedding_url: str = Field("", repr=False)  # that endpoint, where it is another one than base_url
    chunk_tokens: int = Field(200, ge=20, le=2_000)
    dense_weight: float | None = Field(None, ge=0, le=1)  # None: the embedder's own
    chroma_url: str = ""
    base_url: str = Field("", validation_alias="OPENAI_BASE_URL", repr=False)  # it may hold a password
    api_key: SecretStr = Field(SecretStr(""), validation_alias="OPENAI_API_KEY", exclude=True)

    @field_validator("embedding")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("a name has no line breaks or control characters")
        return value.strip() or "auto"

    @field_validator("chroma_url")
    @classmethod
    def _server(cls, value: str) -> str:
        address = urlsplit(value)  # a port that is none raises ValueError too
        if value and (address.scheme not in ("http", "https") or not address.hostname or address.path not in ("", "/")):
            raise ValueError("an address such as http://10.0.0.5:8000 is wanted")
        if address.port == 0 or "@" in address.netloc:
            raise ValueError("an address without a password, with a port from 1 to 65535, is wanted")
        return value.rstrip("/")


def first_problem(error: ValidationError) -> ConfigError:
    """The first thing wrong with the settings, in one line that names the variable."""
    problem = error.errors()[0]
    loc = "_".join(map(str, problem["loc"])).upper()
    name = loc if loc.startswith("OPENAI_") else f"{PREFIX}{loc}"
    if problem["type"] == "extra_forbidden":
        return ConfigError(f"{name.removeprefix(PREFIX).lower()} in footnote.toml is not a setting.")
    given = "" if "KEY" in name or "@" in str(problem["input"]) else f" (it is {problem['input']!r})"
    return ConfigError(f"{name}: {problem['msg']}{given}.")
