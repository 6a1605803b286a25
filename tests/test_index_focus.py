"""Of the passages found, what is near the question is returned: few where few are, neighbours as one, ends cut off."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.config import IndexSettings
from index.engine import Index
from index.focus import CLOSE, NEAR, Candidate, focus
from index.records import Article, Chunk, Passage

SENTENCE = "A sentence of 20 ch. "
LENGTH = len(SENTENCE)
ARTICLES = {name: Article(name, name, SENTENCE * 40, (name,)) for name in "AB"}


def candidate(article, first, score, sentences, **more):
    """A passage of so many sentences, from the sentence `first` on."""
    spans = tuple((LENGTH * (first + place), LENGTH * (first + place) + LENGTH - 1) for place in range(len(sentences)))
    chunk = Chunk(f"{article}:{first}", article, spans[0][0], spans[-1][1], spans)
    return Candidate(Passage(chunk, ARTICLES[article], score, 0.5, 3.0), score, sentences, **more)


def shown(candidates, limit=5):
    """ "A2-4": the sentences 2 to 4 of article A."""
    return [
        f"{one.article.id}{one.chunk.start // LENGTH}-{one.chunk.end // LENGTH}" for one in focus(candidates, limit)
    ]


def test_what_is_much_worse_than_the_best_is_left_out():
    best, good, bad = candidate("A", 0, 1.0, [1.0]), candidate("A", 5, NEAR, [NEAR]), candidate("B", 0, 0.6, [0.6])
    assert shown([bad, good, best]) == ["A0-0", "A5-5"]
    assert shown([bad]) == ["B0-0"]
    assert shown([]) == []


def test_what_holds_the_phrase_stays_and_goes_first():
    best, holder = candidate("A", 0, 1.0, [1.0]), candidate("B", 0, 0.1, [0.1], holds_phrase=True)
    assert shown([best, holder]) == ["B0-0", "A0-0"]
    assert shown([best, holder], 1) == ["B0-0"]


def test_the_likeness_of_all_words_and_of_one_sentence_count_as_the_score_does():
    passage = replace(candidate("A", 0, 0.8, [0.2, 0.5]), likeness=0.3)
    assert passage.score == pytest.approx((0.8 + 0.3 + 0.5) / 3)
    assert focus([passage], 1)[0].score == pytest.approx(passage.score, abs=1e-6)


def test_neighbours_are_one_passage_and_take_one_place():
    parts = [candidate("A", first, score, [1.0, 1.0]) for first, score in ((2, 0.8), (0, 1.0), (5, 0.9), (9, 0.7))]
    assert shown(parts) == ["A0-3", "A5-6", "A9-10"]  # the fifth sentence stands between
    assert shown([*parts, candidate("B", 4, 1.0, [1.0])], 2) == ["A0-3", "B4-4"]  # one more place for no third
    between = candidate("A", 4, 0.7, [1.0])
    assert shown([*parts, between]) == ["A0-6", "A9-10"]
    (merged,) = focus(parts, 1)
    assert merged.text == (SENTENCE * 4).strip()
    assert merged.chunk.sentences == tuple(
        span
        for one in sorted(parts[:2], key=lambda one: one.passage.chunk.start)
        for span in one.passage.chunk.sentences
    )


def test_both_ends_are_cut_up_to_the_first_sentence_that_is_close():
    assert shown([candidate("A", 0, 1.0, [0.1, 0.9 * CLOSE, CLOSE, 0.2, 1.0, 0.1])]) == ["A2-4"]
    assert shown([candidate("A", 0, 1.0, [0.0, 0.0])]) == ["A0-1"]


CANDIDATES = st.lists(
    st.builds(
        candidate,
        st.sampled_from("AB"),
        st.integers(0, 9).map(lambda place: 4 * place),
        st.floats(0, 1),
        st.lists(st.floats(0, 1), min_size=1, max_size=4),
        holds_phrase=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda one: one.passage.chunk.id,
)


@given(CANDIDATES, st.integers(1, 5))
def test_whatever_is_returned_is_whole_sentences_that_were_found(candidates, limit):
    found = focus(candidates, limit)
    assert len(found) <= limit
    assert bool(found) == bool(candidates)
    known = {(one.passage.article.id, span) for one in candidates for span in one.passage.chunk.sentences}
    for passage in found:
        sentences = passage.chunk.sentences
        assert (passage.chunk.start, passage.chunk.end) == (sentences[0][0], sentences[-1][1])
        assert list(sentences) == sorted(sentences)
        assert {(passage.article.id, span) for span in sentences} <= known
    places = [(one.article.id, span) for one in found for span in one.chunk.sentences]
    assert len(set(places)) == len(places)  # nothing twice


def test_a_search_returns_what_is_near_the_question(tmp_path):
    story = "The harbour was old. Its lighthouse was painted green in 1953. Nobody remembers why."
    (tmp_path / "harbour.txt").write_text(f"{story} The fishermen sold herring and mackerel to the town.")
    (tmp_path / "town.txt").write_text("The town has a school and a market. Children play there.")
    index = Index(IndexSettings(data_dir=tmp_path / "data", embedding="static"))
    index.sync([tmp_path / "harbour.txt", tmp_path / "town.txt"])
    question = "When was the lighthouse painted green?"
    (found,) = index.search(question, closely=True)
    assert found.text == "Its lighthouse was painted green in 1953."
    assert len(index.search(question)) == 2
    assert index.search('the "herring and mackerel"', closely=True)[0].text.endswith("mackerel to the town.")
