"""A question finds the passage that it means: in capitals, with a typo, by a phrase or a date, and each text once."""

import pytest

from index.config import IndexSettings
from index.engine import Index
from index.records import Filters

COPIED = "The copper roof of the concert hall was laid by nine craftsmen who had come from the northern valley."
ARTICLES = {
    "hospital": "The hospital in the harbour treats sailors. Its wards hold eighty beds.",
    "treaty": "The treaty ended the war over salt. Both kings signed it in a tent.",
    "river": "The river floods the lower fields in spring. Farmers build walls of clay against it.",
    "dated": "The mayor opened a library for the children of the town. A band played.",
    "undated": "The mayor closed a library for the children of the town. A band played for them.",
    "first copy": COPIED,
    "second copy": f"{COPIED} ",
    "phrase": "Someone shouted lighthouse keeper wanted and ran off.",
    "mixed": "The keeper of the lighthouse wanted a keeper. A wanted lighthouse, a keeper wanted, a lighthouse keeper.",
    "toward": "Onward, toward the lighthouse! A keeper was wanted: the keeper of a lighthouse.",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("articles")
    for name, text in ARTICLES.items():
        date = {"dated": "date: 2016-08-10\n", "undated": "date: 2019-03-02\n"}.get(name, "")
        (folder / f"{name}.md").write_text(f"---\ntitle: {name}\n{date}---\n\n{text}\n")
    made = Index(IndexSettings(data_dir=tmp_path_factory.mktemp("data"), embedding="static"))
    made.sync([folder])
    return made


def titles(index, question, **choice):
    return [passage.article.title for passage in index.search(question, **choice)]


@pytest.mark.parametrize("question", ["Who treats sailors in the harbour?", "which treaty ended the war over salt"])
def test_capitals_change_nothing(index, question):
    quiet, loud = index.search(question.lower()), index.search(question.upper())
    assert [one.chunk for one in loud] == [one.chunk for one in quiet]
    assert [one.score for one in loud] == pytest.approx([one.score for one in quiet], abs=1e-4)


@pytest.mark.parametrize(
    ("question", "title"), [("hosptal", "hospital"), ("The traety?", "treaty"), ("Any craftsmn?", "copy")]
)
def test_a_typo_finds_what_was_meant(index, question, title):
    best = index.search(question)[0]
    assert title in best.article.title
    assert best.lexical > 0


@pytest.mark.parametrize("question", ['"{}"', "“{}”", "„{}“", "«{}»", 'Where is the lighthouse, and the "{}" note?'])
@pytest.mark.parametrize("phrase", ["lighthouse keeper wanted", "Lighthouse  Keeper, wanted"])
def test_a_phrase_in_quotation_marks_goes_first(index, question, phrase):
    assert titles(index, "lighthouse keeper wanted")[0] != "phrase"  # others have more of these words
    assert titles(index, question.format(phrase))[0] == "phrase"
    assert titles(index, question.format(phrase), limit=1) == ["phrase"]


def test_a_phrase_is_made_of_whole_words_as_they_stand(index):
    assert titles(index, 'a keeper at the lighthouse, and a "war"')[0] == "treaty"  # and not "toward"
    assert titles(index, '"sailors" of the lighthouse')[0] == "hospital"


@pytest.mark.parametrize("phrase", ["purple elephant", "_", "…", ""])
def test_a_phrase_that_nobody_has_does_no_harm(index, phrase):
    assert titles(index, f'Which river floods the fields "{phrase}"?')[0] == "river"


def test_all_phrases_must_be_held(index):
    assert titles(index, '"lighthouse keeper" "keeper wanted" "shouted"')[0] == "phrase"


def test_filters_hold_for_phrases(index):
    assert titles(index, '"lighthouse keeper wanted"', filters=Filters(path="/nowhere")) == []
    assert titles(index, '"lighthouse keeper wanted"', filters=Filters(after="2016-01-01", before="2016-12-31")) == [
        "dated"
    ]
    assert titles(index, '"opened a library"', filters=Filters(after="2019-01-01")) == ["undated"]


def test_an_article_is_found_by_its_date_in_words(index):
    assert "2016" not in ARTICLES["dated"]
    best = index.search("10 August 2016")[0]
    assert best.article.title == "dated"
    assert best.lexical > 0
    assert titles(index, "2 March 2019")[0] == "undated"


def test_a_passage_that_two_articles_have_is_shown_once(index):
    copies = [one for one in titles(index, "Who laid the copper roof of the concert hall?") if "copy" in one]
    assert len(copies) == 1
    assert len(index.entries()) == len(ARTICLES)
