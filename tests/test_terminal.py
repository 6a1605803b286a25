"""What a person reads in the terminal."""

from dataclasses import replace

from index.records import Entry, Failure, Status, SyncReport
from rag.records import Answer, Citation, Claim, Conflict, Statement, TimeReading
from ui.render.lines import time_lines
from ui.render.terminal import render, render_entries, render_status, render_sync

QUOTE = Citation(1, "a", "Harbour news", "2021-05-03", "https://example.org/a", 0, 25, "The ferry\nleft on Tuesday.")


def test_a_quote_is_printed_once() -> None:
    copied = Answer("?", "?", "The ferry left on Tuesday. [1]", (Claim(0, 30, (1,), "supported"),), (QUOTE,))
    assert render(copied).count("left on Tuesday") == 1
    told = Answer("?", "?", "It sailed on Tuesday. [1]", (Claim(0, 25, (1,), "supported"),), (QUOTE,))
    assert "“The ferry left on Tuesday.”" in render(told)
    assert "[1] Harbour news · 2021-05-03 · https://example.org/a" in render(told)


def test_what_is_not_carried_is_marked_in_words() -> None:
    text = "It sank. It was towed. [1]"
    claims = (Claim(0, 8, (), "unsupported", "cites no sentence"), Claim(9, 26, (1,), "partial", "only some"))
    shown = render(Answer("?", "?", text, claims, (QUOTE,)))
    assert "It sank. <NOT SUPPORTED: cites no sentence>" in shown
    assert "It was towed. [1] <PARTLY SUPPORTED: only some>" in shown


def test_differing_values_stand_together_with_their_dates() -> None:
    statements = Statement(1, "29 strikes", "As of Wednesday", None), Statement(2, "36 strikes", "", "2016-08-11")
    shown = render(Answer("?", "?", "x", conflicts=(Conflict("strikes", statements),)))
    assert (
        "Differing values for strikes: 29 strikes [1] (As of Wednesday, undated); 36 strikes [2] (2016-08-11)" in shown
    )


def test_an_article_cannot_steer_the_terminal() -> None:
    shown = render(Answer("?", "?", "\x1b[2JGone\x07 [1]", (Claim(0, 14, (1,), "supported"),), (QUOTE,)))
    assert "\x1b" not in shown
    assert "Gone [1]" in shown


def test_nothing_turns_the_direction_of_a_verdict() -> None:
    claim = Claim(0, 10, (), "unsupported", "cites no sentence")
    assert (
        render(Answer("?", "?", "\u202eIt sank\u2066.", (claim,), done=True))
        == "It sank. <NOT SUPPORTED: cites no sentence>"
    )


def test_whose_word_a_supported_claim_is_stands_behind_it() -> None:
    claim = Claim(0, 12, (1,), "supported", "according to the crew")
    assert "It sank. [1] (according to the crew)" in render(Answer("?", "?", "It sank. [1]", (claim,), (QUOTE,)))


def test_a_notice_comes_first_and_failures_are_listed() -> None:
    assert render(Answer("?", "?", "x", notice="The model is down.")).startswith("The model is down.\n")
    report = render_sync(SyncReport(added=1, embedded=3, failed=(Failure("b.txt", "b.txt: a binary file, not text."),)))
    assert report == (
        "1 added, 0 edited, 0 renamed, 0 deleted, 0 unchanged; 3 passages embedded.\n"
        "failed: b.txt: a binary file, not text."
    )


def test_one_of_anything_is_told_in_the_singular() -> None:
    entry = Entry("a1", "Boats", ("/a/boats.txt",), None, "", None, None, 12)
    status = Status(1, 1, 1, (), (), {}, "/v", agrees=True, size=0)
    assert render_entries([entry]).endswith("\n1 article.")
    assert "1 article from 1 file or page, 1 passage," in render_status(status)
    assert "1,200 articles from" in render_status(replace(status, articles=1200))
    assert render_sync(SyncReport(added=1, embedded=1)).endswith("; 1 passage embedded.")


COUNTED = "counted from the article's date, Monday, 3 May 2021"
TUESDAY = TimeReading(1, "Tuesday", "Tuesday, 27 April 2021", "2021-04-27", "2021-04-27", COUNTED)
LAST_WEEK = TimeReading(1, "last week", "the week of 19-25 April 2021", "2021-04-19", "2021-04-25", COUNTED)
YEAR = TimeReading(1, "2011", "2011", "2011-01-01", "2011-12-31", "")
UNTOLD = TimeReading(2, "Wednesday", "", "", "", "the article has no date")


def test_times_counted_from_one_day_share_a_line_and_plain_ones_have_none() -> None:
    also = TimeReading(2, "today", "", "", "", "the article has no date")
    assert time_lines([TUESDAY, YEAR, LAST_WEEK, UNTOLD, also]) == [
        (1, f"Tuesday: Tuesday, 27 April 2021; last week: the week of 19-25 April 2021, {COUNTED}"),
        (2, "“Wednesday”; “today”: not known, the article has no date"),
    ]


def test_what_a_time_means_stands_below_its_source() -> None:
    other = Citation(2, "b", "Port news", None, "https://example.org/b", 0, 5, "Left.")
    shown = render(Answer("?", "?", "x", citations=(QUOTE, other), times=(UNTOLD, TUESDAY)))
    source, quote, told, second, *_ = shown.splitlines()[2:]
    assert (source[:3], second[:3]) == ("[1]", "[2]")
    assert "left on Tuesday" in quote
    assert told == f"    Tuesday: Tuesday, 27 April 2021, {COUNTED}"
    assert shown.endswith("    “Wednesday”: not known, the article has no date")
