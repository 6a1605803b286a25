"""Settings come from names that say they are Footnote's, and a secret is never printed."""

import pytest

from index.errors import ConfigError
from rag.config import RagSettings, load_settings
from rag.endpoint.connect import Connector


def test_common_variables_of_other_programs_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASE_URL", "http://elsewhere.test/v1")
    monkeypatch.setenv("API_KEY", "other")
    assert load_settings().base_url == ""
    assert not load_settings().has_endpoint
    assert not load_settings().api_key.get_secret_value()


def test_the_usual_endpoint_variables_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    assert load_settings().has_endpoint
    assert "sk-secret" not in repr(load_settings())
    assert "api_key" not in load_settings().model_dump()


def test_a_key_alone_sends_nothing_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    assert not load_settings().has_endpoint


def test_a_name_that_is_nearly_a_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_BASE_URL", "http://127.0.0.1:1/v1")
    with pytest.raises(ConfigError, match="FOOTNOTE_BASE_URL"):
        load_settings()


def test_an_address_is_named_without_the_password_in_it() -> None:
    for password in ("pa55", "pa/55", "pa@55", "pa:55"):
        connector = Connector(RagSettings(base_url=f"http://user:{password}@model.test/v1?key=k3y"))
        assert connector.where == "http://model.test/v1"
