"""FOOTNOTE_EMBEDDING names an embedder, and what it cannot mean is said in one line."""

import subprocess
import sys

import pytest

from index import embed, minilm
from index.config import IndexSettings
from index.embed import make_embedder
from index.endpoint import EndpointEmbedder
from index.errors import ConfigError
from index.minilm import MinilmEmbedder
from index.static import StaticEmbedder


def made(**given):
    return make_embedder(IndexSettings(**given))


@pytest.fixture(autouse=True)
def _no_embedder_is_chosen(monkeypatch):
    monkeypatch.delenv("FOOTNOTE_EMBEDDING")


@pytest.fixture
def without_weights(monkeypatch):
    monkeypatch.setattr(minilm, "package_folder", lambda _: None)


@pytest.mark.skipif(not minilm.is_installed(), reason="the weights are an extra: make setup")
@pytest.mark.parametrize("setting", ["auto", ""])
def test_auto_is_minilm_where_it_is_installed(setting):
    embedder = made(embedding=setting)
    assert isinstance(embedder, MinilmEmbedder)
    assert not embedder.notice


@pytest.mark.usefixtures("without_weights")
def test_auto_falls_back_and_says_how_to_get_the_better_one():
    embedder = made(embedding="auto")
    assert isinstance(embedder, StaticEmbedder)
    assert "make setup" in embedder.notice
    assert "footnote[minilm]" in embedder.notice
    assert "\n" not in embedder.notice


@pytest.mark.usefixtures("without_weights")
def test_who_asks_for_static_is_told_nothing():
    assert not made(embedding="static").notice


@pytest.mark.usefixtures("without_weights")
def test_who_asks_for_minilm_does_not_get_another():
    with pytest.raises(ConfigError, match="FOOTNOTE_EMBEDDING is minilm") as caught:
        made(embedding="minilm").embed(["a"])
    assert "make setup" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("setting", ["mini-lm", "Static", "AUTO", "text-embedding-3-small"])
def test_a_name_with_no_endpoint_to_ask_is_an_error_that_lists_the_words(setting):
    with pytest.raises(ConfigError) as caught:
        made(embedding=setting)
    assert all(word in str(caught.value) for word in ("FOOTNOTE_EMBEDDING", repr(setting), *embed.WORDS))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("setting", ["mini-lm", "MiniLM", "mini_lm", "Static", "AUTO"])
def test_a_slip_of_the_pen_sends_no_article_away(setting):
    with pytest.raises(ConfigError, match="FOOTNOTE_EMBEDDING"):
        made(embedding=setting, embedding_url="http://model.test/v1", api_key="key")


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({"embedding_url": "http://vectors.test/v1", "base_url": "http://chat.test/v1"}, "http://vectors.test/v1"),
        ({"base_url": "http://chat.test/v1"}, "http://chat.test/v1"),
        ({"api_key": "key"}, ""),
    ],
)
def test_any_other_name_is_a_model_at_the_endpoint(given, address):
    embedder = made(embedding="nomic-embed-text", **given)
    assert isinstance(embedder, EndpointEmbedder)
    assert embedder.name == "endpoint:nomic-embed-text"
    assert embedder._base_url == address


def test_an_endpoint_alone_is_no_wish_to_send_articles_away():
    assert not isinstance(made(base_url="http://chat.test/v1", api_key="key"), EndpointEmbedder)


def test_each_embedder_has_a_name_of_its_own_and_a_weight():
    embedders = [made(embedding="static"), made(embedding="minilm"), made(embedding="m", api_key="key")]
    assert len({embedder.name for embedder in embedders}) == 3
    assert [embedder.dense_weight for embedder in embedders] == [0.5, 0.7, 0.7]


def test_making_one_loads_nothing_heavy():
    code = (
        "import sys; from index.config import IndexSettings; from index.embed import make_embedder; "
        "make_embedder(IndexSettings()); make_embedder(IndexSettings(embedding='m', api_key='k')); "
        "print({'onnxruntime', 'tokenizers', 'wordllama', 'openai', 'httpx2'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("set()\n", "")
