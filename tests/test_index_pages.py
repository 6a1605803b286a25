"""A web page becomes the text that a person reads in its article, with the title, authors, date and address of it."""

import re
from datetime import date, timedelta

import pytest

from index.errors import LoadError
from index.load.draft import author_of, finish
from index.load.files import Reader
from index.load.pages import read_html, read_mhtml
from index.sentences import sentence_runs

PARAGRAPHS = (
    "Paris has thirty-seven bridges over the Seine. The oldest that stands is the Pont Neuf, finished in 1607.",
    "Two of them are closed for repair until the autumn, because their arches have moved by several millimetres.",
    "The city spends ten million euros a year on them, and nobody on the council has ever voted against it.",
)
SITE_HEAD = """<header><a class="logo" href="/">The Daily</a>
    <nav><ul><li><a href="/w">World</a></li><li><a href="/s">Sport</a></li></ul></nav></header>
    <div id="cookie-banner" role="dialog">We use cookies to improve your visit.<button>OK</button></div>"""
SITE_FOOT = """<aside class="related"><h3>Related</h3><ul><li><a href="/t">Tunnels of Rome</a></li></ul></aside>
    <section class="comments"><p>First! I was here before all of you.</p></section>
    <footer>Copyright The Daily. All rights reserved. Imprint.</footer><script>var a = "script words";</script>"""
SHARE = '<div class="share-bar"><a href="#">Share on Facebook</a> <a href="#">Tweet</a></div>'
ADVERT = '<div class="ad-slot">Buy our shoes now for half the price!</div>'
AROUND = "cookies World Sport Facebook shoes Tunnels First! Copyright script Daily OK".split()


def news(body: str) -> str:
    return f"<html><head><title>x</title></head><body>{SITE_HEAD}<main><article>{body}</article></main>{SITE_FOOT}"


def blog(body: str) -> str:
    return f"<body class='has-sidebar'>{SITE_HEAD}<div id='wrap'><div class='post entry'>{body}</div>{SITE_FOOT}</div>"


def form_page(body: str) -> str:
    return f"<body><form action='x.aspx'>{SITE_HEAD}<div class='content'>{body}</div>{SITE_FOOT}</form></body>"


def paragraphs(tag: str = "p") -> str:
    after = zip(PARAGRAPHS, (SHARE, ADVERT, ""), strict=True)
    return "".join(f"<{tag}>{paragraph}</{tag}>{between}" for paragraph, between in after)


def draft(markup: str, **of: str):
    return read_html(markup.encode(), **of)


def article(markup: str, url: str = ""):
    return finish(draft(markup, url=url), url or "page.html", "page")


@pytest.mark.parametrize("layout", [news, blog, form_page])
@pytest.mark.parametrize("tag", ["p", "div"])
def test_every_paragraph_is_kept_and_nothing_that_stands_around_them(layout, tag):
    text = draft(layout(f"<h1>Bridges of Paris</h1>{paragraphs(tag)}")).text
    assert "Bridges of Paris" in text
    assert [paragraph for paragraph in PARAGRAPHS if paragraph not in text] == []
    assert [words for words in AROUND if words in text] == []


def test_headings_lists_quotes_and_tables_stay_in_order_as_blocks():
    text = draft(
        news(
            f"""<h1>Bridges</h1><p>{PARAGRAPHS[0]}</p><h2>Closed ones</h2>
            <ul><li>Pont Marie</li><li><p>Pont <b>Royal</b></p></li></ul><ol><li>First they are measured</li></ol>
            <blockquote>They open when they are safe.</blockquote>
            <table><tr><th>Bridge</th><th>Year</th></tr><tr><td>Pont<br>Neuf</td><td><p>1607</p></td></tr></table>
            <pre>one line\nanother line</pre><p>{PARAGRAPHS[1]}</p>"""
        )
    ).text
    assert text.split("\n\n") == [
        "# Bridges",
        PARAGRAPHS[0],
        "## Closed ones",
        "- Pont Marie\n- Pont Royal\n- First they are measured",
        "They open when they are safe.",
        "| Bridge | Year |\n| Pont Neuf | 1607 |",
        "one line\nanother line",
        PARAGRAPHS[1],
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>secret words</p>",
        '<p aria-hidden="true">secret words</p>',
        '<div style="color:red; display : none"><p>secret words</p></div>',
        '<div style="visibility:hidden">secret words</div>',
        "<script>secret words</script>",
        "<style>secret words</style>",
        "<template><p>secret words</p></template>",
        "<noscript>secret words</noscript>",
        "<!-- secret words -->",
        "<svg><text>secret words</text></svg>",
        "<select><option>secret words</option></select>",
    ],
)
@pytest.mark.parametrize("long", [False, True])
def test_what_nobody_sees_is_no_text(hidden, long):
    seen = paragraphs() if long else "<p>Tea is hot.</p>"
    text = draft(f"<html><body>{hidden}{seen}{hidden}after</body></html>").text
    assert "secret" not in text
    assert ("nobody on the council" if long else "Tea is hot.") in text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Tea is hot.</p>", "Tea is hot."),
        ("<p>Tea&#7;&#x202f;is\x85 \ufffehot.</p>", "Tea is hot."),
        ("Tea is hot.", "Tea is hot."),
        ("<main><div>Tea</div><div>is hot.</div></main>", "Tea\n\nis hot."),
        ("<font>Wales</font><br>We went there.<br><br>Then home.", "Wales\nWe went there.\n\nThen home."),
        ("<table><tr><td>Only a table</td></tr></table>", "| Only a table |"),
        ("<p>Un<b>clo<i>sed tags", "Unclosed tags"),
        ("<ul><li>Only<li>a list</ul>", "- Only\n- a list"),
    ],
)  # fmt: skip
def test_a_short_or_simple_page_gives_all_of_its_text(markup, text):
    assert draft(markup).text == text


def test_a_headline_outside_the_article_is_put_before_it_once():
    outside = f"<body><div class='top'><h1>Bridges of Paris</h1></div><article>{paragraphs()}</article></body>"
    for markup in (outside, news(f"<h1>Bridges of Paris</h1>{paragraphs()}")):
        text = draft(markup).text
        assert text.startswith("# Bridges of Paris\n\nParis has")
        assert text.count("Bridges of Paris") == 1


HEAD = '<meta property="og:site_name" content="The Daily"><title>Bridges | The Daily</title>'
LINKED = """<script type="application/ld+json">{"@graph": [
    {"@type": "Organization", "name": "Daily", "datePublished": "1999-01-01"},
    {"@type": "WebPage", "datePublished": "2020-01-01"},
    {"@type": "NewsArticle", "headline": "Bridges of Paris", "datePublished": "2021-05-03T10:00:00+02:00",
     "author": [{"@type": "Person", "name": "Ann Lee"}, {"name": "Bo Chen"}]}]}</script>"""


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (LINKED, "Bridges of Paris"),
        ('<meta property="og:title" content="Bridges &amp; ferries | The Daily">' + HEAD, "Bridges & ferries"),
        ("<title>Something else</title>", "The heading"),
    ],
)
def test_the_title_is_that_of_the_metadata_else_the_heading(head, title):
    assert article(f"<html><head>{head}</head><body><h1>The heading</h1>{paragraphs()}").title == title


def test_the_title_without_a_heading_is_that_of_the_window_without_the_site():
    assert article(f"<html><head>{HEAD}</head><body>{paragraphs()}").title == "Bridges"
    assert article(f"<html><body>{paragraphs()}").title == "page"


@pytest.mark.parametrize(
    ("head", "author"),
    [
        (LINKED, "Ann Lee, Bo Chen"),
        ('<meta name="author" content="By Ann Lee">', "Ann Lee"),
        ('<meta property="article:author" content="https://example.org/ann">', None),
        ("", None),
    ],
)
def test_the_author_is_who_the_metadata_name(head, author):
    assert article(f"<html><head>{head}</head><body><h1>T</h1>{paragraphs()}").author == author


@pytest.mark.parametrize(
    ("written", "author"),
    [
        ("By Ann Lee", "Ann Lee"),
        ("Ann Lee; Bo Chen; Ann Lee", "Ann Lee, Bo Chen"),
        ("Written by: Ann Lee |", "Ann Lee"),
        ("Byron Lee", "Byron Lee"),
        ("https://example.org/ann; Bo Chen", "Bo Chen"),
        ("ann@example.org", None),
        ("admin", None),
        ("@ann", None),
        ("", None),
        ("x" * 1000, None),
        ("Ann\u0007\n Lee", "Ann, Lee"),
    ],
)
def test_an_author_is_plain_names(written, author):
    assert author_of(written) == author


TOMORROW = date.today() + timedelta(days=1)


@pytest.mark.parametrize(
    ("head", "body", "url", "expected"),
    [
        (LINKED, "", "", ("2021-05-03", "page metadata")),
        ('<meta property="article:published_time" content="2021-05-03">', "", "", ("2021-05-03", "page metadata")),
        (LINKED.replace("datePublished", "dateModified"), "", "", (None, "")),
        ('<meta name="date" content="May 3, 2021">', "", "", ("2021-05-03", "page metadata")),
        ('<meta name="date" content="20210503">', "", "", ("2021-05-03", "page metadata")),
        ('<meta name="date" content="03/04/2021">', "", "", (None, "")),
        ('<meta name="date" content="2021">', "", "", (None, "")),
        ('<meta name="date" content="0999-01-01">', "", "", (None, "")),
        (f'<meta name="date" content="{TOMORROW.isoformat()}">', "", "", (TOMORROW.isoformat(), "page metadata")),
        (f'<meta name="date" content="{TOMORROW + timedelta(days=1)}">', "", "", (None, "")),
        ('<meta property="article:modified_time" content="2021-05-03">', "", "", (None, "")),
        ("", "", "https://example.org/2021/05/03/bridges.html", ("2021-05-03", "page address")),
        ("", "", "https://example.org/2021/13/03/bridges", (None, "")),
        ("", "", "https://example.org/2021/05/bridges", (None, "")),
        ("", "<p>Monday, 3 May 2021</p>", "", ("2021-05-03", "page text")),
        ("", "<p>03/04/2021</p>", "", (None, "")),
        ("", '<div><time datetime="2021-05-03T08:00">yesterday</time></div>', "", ("2021-05-03", "page text")),
        ("", '<time itemprop="datePublished" datetime="2021-05-03">x</time>', "", ("2021-05-03", "page metadata")),
        ("", '<aside><time datetime="2021-05-03">x</time></aside>', "", (None, "")),
        ("", '<time class="updated" datetime="2021-05-03">x</time>', "", (None, "")),
        ("", "<p>It was told on 3 May 2021 that all bridges of the city would be closed before the summer.</p>", "",
         (None, "")),
    ],
)  # fmt: skip
def test_the_date_is_found_where_it_is_written_and_never_guessed(head, body, url, expected):
    found = article(f"<html><head>{head}</head><body><article><h1>T</h1>{body}{paragraphs()}</article></body>", url)
    assert (found.date, found.date_source) == expected


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        ('<head><link rel="canonical" href="https://example.org/a"></head>', "https://example.org/a"),
        ('<head><meta property="og:url" content="https://example.org/b"></head>', "https://example.org/b"),
        ("<!-- saved from url=(0021)https://example.org/c -->", "https://example.org/c"),
        (
            "<!--\n Page saved with SingleFile \n url: https://example.org/d \n saved date: x -->",
            "https://example.org/d",
        ),
        (
            '<!-- saved from url=(0021)https://example.org/c --><link rel="canonical" href="/e">',
            "https://example.org/e",
        ),
        ('<link rel="canonical" href="javascript:x">', None),
        ('<link rel="canonical" href="http://[">', None),
        ("", None),
    ],
)
def test_the_address_of_a_saved_page(markup, url):
    assert article(f"{markup}<body>{paragraphs()}").url == url


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        ("<meta charset=windows-1251><p>Мосты Парижа</p>".encode("cp1251"), ""),
        ("<meta http-equiv=Content-Type content='text/html; charset=koi8-r'><p>Мосты Парижа</p>".encode("koi8-r"), ""),
        ("<p>Мосты Парижа</p>".encode("cp1251"), "windows-1251"),
        ("<p>Мосты Парижа</p>".encode(), ""),
        ("<p>Мосты Парижа</p>".encode("utf-16"), ""),
        ("<?xml version='1.0' encoding='utf-8'?><p>Мосты Парижа</p>".encode(), ""),
        ("<meta charset=utf-8><p>Мосты Парижа</p>".encode("cp1251"), "cp1251"),
        ("<meta charset=no-such-thing><p>Мосты Парижа</p>".encode(), "nor-this"),
    ],
)
def test_a_page_is_read_in_its_own_encoding(raw, encoding):
    assert read_html(raw, encoding).text == "Мосты Парижа"


def test_latin_1_means_what_browsers_take_it_for():
    assert read_html("<meta charset=iso-8859-1><p>“Tea”</p>".encode("cp1252")).text == "“Tea”"


def test_a_web_archive_gives_its_page_and_its_address():
    archive = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/a\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="--b"\r\n\r\n----b\r\nContent-Type: text/html; '
        "charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Caf=C3=A9 is open.</p>\r\n----b\r\n"
        "Content-Type: image/png\r\n\r\nx\r\n----b--\r\n"
    )
    found = read_mhtml(archive.encode())
    assert (found.text, found.url) == ("Café is open.", "https://example.org/a")
    with pytest.raises(LoadError, match="no page inside"):
        read_mhtml(b"MIME-Version: 1.0\r\nContent-Type: image/png\r\n\r\nx")


@pytest.fixture(scope="module")
def reader():
    with Reader(workers=1) as opened:
        yield opened


def test_a_fetched_page_is_the_article_of_its_address(reader):
    page = news(f"<h1>Bridges</h1>{paragraphs()}").encode()
    found = reader.read_page("https://example.org/2021/05/03/x", page, "Text/HTML; charset=UTF-8")
    assert (found.sources, found.url) == (("https://example.org/2021/05/03/x",), "https://example.org/2021/05/03/x")
    assert (found.title, found.date, found.date_source) == ("Bridges", "2021-05-03", "page address")


@pytest.mark.parametrize("kind", ["text/plain; charset=iso-8859-1", "text/markdown;charset=latin1"])
def test_fetched_text_is_read_in_the_encoding_of_its_header(reader, kind):
    found = reader.read_page("https://example.org/my-caf%C3%A9.txt", b"caf\xe9 is open.", kind)
    assert (found.text, found.title) == ("café is open.", "my café")


def test_a_fetched_page_without_a_content_type_is_known_by_its_first_bytes(reader):
    assert reader.read_page("https://example.org/", b"\n<p>Tea is hot.</p>", "").text == "Tea is hot."
    assert reader.read_page("https://example.org/", b"Tea < coffee.", "").text == "Tea < coffee."


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        (b"\x89PNG", "image/png", "image/png"),
        (b"", "text/html", "no words|no page"),
        (b"%PDF-1.4", "text/html", "damaged PDF"),
    ],
)
def test_a_fetched_page_that_is_none_is_a_load_error_that_names_its_address(reader, body, kind, reason):
    with pytest.raises(LoadError, match=reason) as caught:
        reader.read_page("https://example.org/x", body, kind)
    assert str(caught.value).startswith("https://example.org/x: ")
    assert "\n" not in str(caught.value)


def test_the_items_of_a_list_without_full_stops_are_sentences_that_can_be_quoted():
    items = "".join(
        f"<li>the number {n} of a list of long items that end without any full stop at all</li>" for n in range(5)
    )
    text = draft(news(f"<h1>T</h1>{paragraphs()}<ul>{items}</ul>")).text
    quoted = [text[start:end] for run in sentence_runs(text) for start, end in run]
    assert sum(bool(re.match(r"the number \d", sentence)) for sentence in quoted) == 5
