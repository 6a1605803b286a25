"""What was learnt of an endpoint is kept, and decides how long a prompt may be."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeEndpoint

from index.engine import Index
from index.tokens import count_tokens
from rag.assistant import Assistant
from rag.config import RagSettings
from rag.endpoint import profile as profiles
from rag.endpoint.generate import LanguageModelWriter
from rag.endpoint.profile import Profile, prompt_budget, reply_budget
from rag.endpoint.prose import prose

URL = "http://model.test/v1"


def settings_for(folder: Path, **more: Any) -> RagSettings:
    return RagSettings(**{"base_url": URL, "data_dir": folder, "embedding": "static", **more})


def test_a_profile_fits_prompt_and_reply_into_the_window(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, prompt_tokens=3_000, answer_tokens=600)
    small = Profile(URL, "some-model", window=2_048)
    assert prompt_budget(settings, None) == 3_000
    assert prompt_budget(settings, replace(small, window=None)) == 3_000
    assert prompt_budget(settings, replace(small, window=32_768)) == 3_000
    for model in (small, replace(small, model="gpt-4o"), replace(small, characters_per_token=2.0)):
        assert 300 < prompt_budget(settings, model) < 2_048 - 600
    assert prompt_budget(settings, replace(small, model="gpt-4o")) > prompt_budget(settings, small)
    # A model whose tokens are half as long takes half as much text.
    sample = prose(4_000)
    ours = len(sample) / count_tokens(sample)
    whole, half = (prompt_budget(settings, replace(small, characters_per_token=ratio)) for ratio in (ours, ours / 2))
    assert half == pytest.approx(whole / 2, rel=0.05)
    assert reply_budget(settings, replace(small, window=900)) == 300
    assert prompt_budget(settings, replace(small, window=1)) == 1


def test_a_profile_of_another_version_is_none(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, base_url="http://user:pa55-word@model.test/v1")
    path = profiles.save(Profile(URL, "one"), settings)
    assert profiles.load(settings) == Profile(URL, "one")
    assert profiles.load(settings_for(tmp_path, base_url=f"{URL}/")) == Profile(URL, "one")
    assert profiles.load(settings_for(tmp_path, model="another")) is None
    path.write_text('{"address": "a", "model": "b", "older": 1}')
    assert profiles.load(settings) is None
    path.write_text("{")
    assert profiles.load(settings) is None


def test_the_prompt_of_an_answer_fits_the_window_found(seeds_index: Index) -> None:
    def tokens_sent(window: int | None) -> int:
        settings = settings_for(seeds_index.settings.data_dir, model="a small one")
        profiles.save(Profile(URL, "a small one", window=window, characters_per_token=4.0), settings)
        endpoint = FakeEndpoint().enqueue(["Nothing."])
        Assistant(seeds_index, settings, LanguageModelWriter(settings, endpoint)).ask("Who led the forces in Sirte?")
        messages = endpoint.requests[0]["messages"]
        assert isinstance(messages, list)
        return sum(count_tokens(message["content"]) for message in messages)

    assert tokens_sent(None) > 1_024
    assert tokens_sent(1_024) < 1_024 - 1_024 // 3
