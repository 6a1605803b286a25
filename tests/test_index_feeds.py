"""Feeds and sitemaps become the pages they list, each once and in order; a broken one is an error of one line."""

import gzip
import time

import pytest
from fake_site import FakeSite, Reply
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import LoadError
from index.web.feeds import kind_of, read_feed, read_sitemap
from index.web.site import Item, Limits, Web

URL = "https://news.example/feeds/all.xml"
SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@pytest.fixture
def site():
    with FakeSite() as site:
        yield site


@pytest.fixture
def web():
    with Web(allow_private=True, sleep=lambda _: None) as web:
        yield web


def rss(items, head='<?xml version="1.0" encoding="utf-8"?>'):
    return (
        f'{head}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title>'
        f"<link>https://news.example/</link>{items}</channel></rss>"
    ).encode()


def atom(entries, attributes=""):
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>News</title>{entries}</feed>'.encode()


def item(link, more=""):
    return f"<item><title>T</title><link>{link}</link>{more}</item>"


def sitemap(*locations, more=""):
    urls = "".join(f"<url><loc>{location}</loc></url>" for location in locations)
    return f"<urlset {SITEMAP}>{urls}{more}</urlset>".encode()


def sitemap_index(*locations):
    parts = "".join(f"<sitemap><loc>{location}</loc></sitemap>" for location in locations)
    return f"<sitemapindex {SITEMAP}>{parts}</sitemapindex>".encode()


def urls(items):
    return [item.url for item in items]


def outcome(read, *arguments):
    """What it gives, or the text of its error."""
    try:
        return read(*arguments)
    except LoadError as error:
        return str(error)


# Which is it


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<rss/>", "feed"),
        (b"<RSS version='2.0'>", "feed"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "feed"),
        (b"<a:feed xmlns:a='http://www.w3.org/2005/Atom'/>", "feed"),
        (b"<rdf:RDF>", "feed"),
        (b"<urlset>", "sitemap"),
        (b"<sitemapindex>", "sitemap index"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<?xml-stylesheet href="a.xsl"?><!-- <html> -->\n<rss>', "feed"),
        (b'<!DOCTYPE rss PUBLIC "-//Netscape" "http://a/rss.dtd"><rss>', "feed"),
        (b'<!DOCTYPE rss [<!ENTITY a "b">]><rss>', "feed"),
        ('<?xml version="1.0" encoding="utf-16"?><feed/>'.encode("utf-16"), "feed"),
        (b"<!DOCTYPE html><html><rss>", ""),
        (b"<html><rss/></html>", ""),
        (b"<!-- <rss> --><p>", ""),
        (b"News: <rss>", ""),
        (b"", ""),
        (b"%PDF-1.7 <rss>", ""),
        (b"<rssreader>", ""),
    ],
)
def test_the_first_element_says_what_it_is(body, kind):
    assert kind_of(body) == kind


@pytest.mark.parametrize("start", [b"<?", b"<!--", b"<!DOCTYPE [", b"<?a?>", b"<!DOCTYPE a [ ]>", b" ", b"<", b"<a:"])
def test_no_text_makes_that_slow(start):
    began = time.monotonic()
    kind_of(start * 60_000)
    assert time.monotonic() - began < 1


# Feeds


def test_an_rss_item_with_its_hints():
    body = rss(
        item(
            "https://news.example/1",
            "<pubDate>Sun, 12 Jun 2016 23:30:00 -0500</pubDate><dc:creator> Ann\n Smith </dc:creator>",
        )
    )
    assert read_feed(body, URL) == [
        Item("https://news.example/1", title="T", date="2016-06-12", date_source="feed", author="Ann Smith")
    ]


def test_an_atom_entry_with_its_hints():
    body = atom(
        '<entry><title type="html">Bread &amp;amp; &lt;b&gt;butter&lt;/b&gt;</title>'
        '<link rel="enclosure" href="/sound.mp3"/><link href="../1#part"/>'
        "<published>2016-06-12T23:30:00-05:00</published><updated>2016-06-14T00:00:00Z</updated>"
        "<author><name>Ann</name><email>ann@news.example</email></author></entry>"
    )
    assert read_feed(body, URL) == [
        Item(
            "https://news.example/1",
            stamp="2016-06-14T00:00:00Z",
            title="Bread & butter",
            date="2016-06-12",
            date_source="feed",
            author="Ann",
        )
    ]


@pytest.mark.parametrize(
    "more",
    ["", "<pubDate>soon</pubDate>", "<pubDate>31 Feb 2016</pubDate>", "<pubDate/>", "<dc:date>2016-06-12</dc:date>"],
)
def test_what_is_no_publication_is_no_date(more):
    found = read_feed(rss(item("/1", more)), URL)[0]
    assert (found.date, found.date_source) == (None, "")


def test_an_update_is_no_publication():
    body = atom('<entry><link href="/1"/><updated>2016-06-14T00:00:00Z</updated></entry>')
    assert read_feed(body, URL) == [Item("https://news.example/1", stamp="2016-06-14T00:00:00Z")]


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://other.example/a", "https://other.example/a"),
        ("/a", "https://news.example/a"),
        ("a?b=1&amp;c=2", "https://news.example/feeds/a?b=1&c=2"),
        ("//other.example/a", "https://other.example/a"),
        ("\n https://news.example/a \n", "https://news.example/a"),
        ("https://news.example/a#comments", "https://news.example/a"),
        ("https://news.example/ä b", "https://news.example/ä b"),
    ],
)
def test_links_are_whole_addresses(link, url):
    assert urls(read_feed(rss(item(link)), URL)) == [url]


@pytest.mark.parametrize(
    "link",
    [
        "",
        "javascript:alert(1)",
        "mailto:a@news.example",
        "ftp://news.example/a",
        "file:///etc/passwd",
        "https://ann:secret@news.example/",
        "https://[oops",
        "https://",
        "data:text/html,x",
        "https://news.example/" + "a" * 3_000,
        "https://news.example/a\u202eb",
    ],
)
def test_other_links_are_left_out(link):
    assert urls(read_feed(rss(item(link) + item("/good")), URL)) == ["https://news.example/good"]


def test_entries_of_atom_keep_to_their_base():
    body = atom('<entry><link href="a"/></entry>', 'xml:base="https://other.example/x/"')
    assert urls(read_feed(body, URL)) == ["https://other.example/x/a"]


def test_items_keep_their_order_and_come_once():
    assert urls(read_feed(rss(item("/3") + item("/1") + item("/3#b") + item("/2") + item("/1")), URL)) == [
        "https://news.example/3",
        "https://news.example/1",
        "https://news.example/2",
    ]


def test_the_encoding_of_the_header_counts():
    body = rss("<item><title>Brücke</title><link>/1</link></item>", head="").decode().encode("latin-1")
    assert read_feed(body, URL, "text/xml; charset=iso-8859-1")[0].title == "Brücke"


GOOD = rss(item("https://news.example/1", "<pubDate>Sun, 12 Jun 2016 10:00:00 GMT</pubDate>") + item("/2"))
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%b">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><rss><channel><item><title>&j;</title><link>/1</link></item></channel></rss>"
)
BROKEN = {
    "cut in the head": GOOD[:50],
    "cut in a tag": GOOD[:-20],
    "cut in a link": GOOD[: GOOD.index(b"news.example/1") + 3],
    "cut after an item": GOOD[: GOOD.index(b"</item>") + 7],
    "one byte": b"<",
    "only the name": b"<rss",
    "no channel": b"<rss/>",
    "no items": rss(""),
    "no links": rss("<item><title>T</title></item>"),
    "empty atom": atom(""),
    "entry without link": atom("<entry><id>urn:1</id></entry>"),
    "link without address": atom("<entry><link/></entry>"),
    "wrong encoding named": GOOD.replace(b"utf-8", b"utf-16"),
    "unknown encoding": GOOD.replace(b"utf-8", b"klingon"),
    "encoding that is no text": GOOD.replace(b"utf-8", b"base64"),
    "utf-7": GOOD.replace(b"utf-8", b"utf-7"),
    "not the encoding it names": rss("<item><title>Brücke</title><link>/1</link></item>").replace(b"\xc3\xbc", b"\xfc"),
    "zero bytes": GOOD.replace(b"News", b"N\0ews"),
    "half of utf-16": GOOD.decode().encode("utf-16")[:301],
    "entity bomb": LAUGHS,
    "entity bomb in a sitemap": LAUGHS.replace(b"<rss>", b"<urlset>"),
    "entity that reads a file": b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + rss(item("&x;"), head=""),
    "entity that visits": b'<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]>'
    + rss(item("/1"), head=""),
    "document type elsewhere": b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/rss.dtd">' + rss(item("/1"), head=""),
    "unknown entities": rss(item("/1", "<description>&nbsp;&foo;&bar</description>")),
    "character too high": rss("<item><title>&#x110000;&#99999999999999;</title><link>/1</link></item>"),
    "bare ampersands": rss(item("/a?b=1&c=2&&d")),
    "html inside a feed": b"<rss><html><body><p>Sorry</body></html>",
    "unclosed everything": b"<rss><channel><item><link>/1<item><link>/2<item>",
    "wrongly nested": b"<rss><item><channel></item></channel></rss>",
    "two roots": GOOD + GOOD,
    "junk behind": GOOD + b"<script>alert(1)</script>",
    "open comment": GOOD.replace(b"<item>", b"<!-- <item>", 1),
    "open cdata": GOOD.replace(b"<item>", b"<![CDATA[<item>", 1),
    "odd declaration": GOOD.replace(b"<item>", b"<![if x]><!ELEMENT ><item>", 1),
    "deep": b"<rss>" + b"<a>" * 5_000,
    "broken geography": rss(item("/1", '<p xmlns="http://www.georss.org/georss"><point>1 x</point></p>')),
    "geography without a place": rss(item("/1", '<p:pos xmlns:p="http://www.opengis.net/gml">1 2</p:pos>')),
    "undeclared prefixes": rss(item("/1", "<a:b c:d='e'/>")),
    "attribute twice": rss(item("/1", "<a b='1' b='2'/>")),
    "same link again and again": rss(item("/1") * 2_000),
    "bad base": atom('<entry xml:base="https://[oops"><link href="a"/></entry>'),
    "date of no calendar": rss(item("/1", f"<pubDate>{'9' * 400} Jun 2016</pubDate>")),
    "cut sitemap": sitemap("/1", "/2")[:-30],
    "sitemap without places": sitemap(),
    "sitemap with empty places": sitemap("", " "),
    "sitemap of other schemes": sitemap("ftp://a/b", "javascript:x"),
    "sitemap in another encoding": b'<?xml version="1.0" encoding="klingon"?>' + sitemap("/1"),
    "index of nothing": sitemap_index(),
}
NOTHING = set(
    "one byte,only the name,no channel,no items,no links,empty atom,entry without link,link without address,"
    "entity bomb,entity bomb in a sitemap,entity that reads a file,entity that visits,html inside a feed,deep,"
    "geography without a place,"
    "cut sitemap,sitemap without places,sitemap with empty places,sitemap of other schemes,index of nothing".split(",")
)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_feed_is_read_as_far_as_it_goes_or_is_an_error_of_one_line(web, site, name):
    site.pages["/feed.xml"] = Reply(BROKEN[name], "application/rss+xml")
    found = outcome(web.discover, site.url("/feed.xml"))
    if isinstance(found, str):
        assert site.url("/feed.xml") in found
        assert "\n" not in found
    else:
        assert name not in NOTHING
        assert found.items
        assert len(set(urls(found.items))) == len(found.items)
    assert site.asked() == ["/feed.xml"]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([GOOD, atom('<entry><link href="/1"/><published>2016-06-12</published></entry>'), sitemap("/1")]),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 20), st.binary(max_size=6)), max_size=4),
)
def test_no_damage_raises_anything_else(body, damages):
    for start, length, put in damages:
        body = body[:start] + put + body[start + length :]
    for read in (read_feed, read_sitemap):
        found = outcome(read, body, URL)
        assert found
        assert "\n" not in found


def test_a_feed_too_large_to_parse_is_an_error():
    with pytest.raises(LoadError, match="a feed of 6 MB"):
        read_feed(rss(item("/1", "x" * 6_000_000)), URL)


# Sitemaps


def test_a_sitemap_with_changes_but_no_publications():
    more = "<url><lastmod> 2024-05-01 </lastmod><loc> https://news.example/a?b=1&amp;c=2#d </loc></url>"
    assert read_sitemap(sitemap("https://news.example/1", more=more), URL) == [
        Item("https://news.example/1"),
        Item("https://news.example/a?b=1&c=2", stamp="2024-05-01"),
    ]


def test_a_news_sitemap_says_when_it_was_published():
    news = (
        '<url><loc>/1</loc><n:news xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><n:publication>'
        "<n:name>News</n:name></n:publication><n:publication_date>2016-06-12T23:00:00-05:00</n:publication_date>"
        "<n:title>Bridges</n:title></n:news></url>"
    )
    assert read_sitemap(sitemap(more=news), URL) == [
        Item("https://news.example/1", title="Bridges", date="2016-06-12", date_source="sitemap")
    ]


def test_images_of_a_page_are_not_pages():
    image = (
        '<url><i:image xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"><i:loc>/a.png</i:loc>'
        "<i:title>Picture</i:title></i:image><loc>/1</loc></url>"
    )
    assert read_sitemap(sitemap(more=image), URL) == [Item("https://news.example/1")]


def test_a_sitemap_without_a_namespace_or_with_a_prefix():
    assert urls(read_sitemap(b"\n <urlset><url><loc>/1</loc></url></urlset>", URL)) == ["https://news.example/1"]
    prefixed = sitemap("/1").replace(b"<", b"<s:").replace(b"<s:/", b"</s:").replace(b"xmlns=", b"xmlns:s=")
    assert urls(read_sitemap(prefixed, URL)) == ["https://news.example/1"]


# Discovering


def test_a_page_is_itself_and_is_not_fetched_again(web, site):
    html = b'<html><link rel="alternate" type="application/rss+xml" href="/feed.xml"></html>'
    site.pages["/"] = Reply(html)
    listing = web.discover(site.url("/"))
    assert (listing.kind, listing.items, listing.cut) == ("page", (Item(site.url("/")),), 0)
    assert listing.page.body == html
    assert site.asked() == ["/"]


@pytest.mark.parametrize("content_type", ["application/rss+xml", "text/xml", "text/html", "text/plain", ""])
def test_a_feed_is_known_whatever_the_server_calls_it(web, site, content_type):
    site.pages["/feed"] = Reply(GOOD, content_type)
    listing = web.discover(site.url("/feed"))
    assert (listing.kind, urls(listing.items)) == ("feed", ["https://news.example/1", site.url("/2")])


def test_a_page_that_calls_itself_a_feed_is_an_error(web, site):
    site.pages["/feed"] = Reply(b"<html>Sorry</html>", "application/atom+xml")
    with pytest.raises(LoadError, match="calls itself a feed"):
        web.discover(site.url("/feed"))


def test_links_are_relative_to_where_the_feed_was_found(web, site):
    site.pages["/feed"] = Reply(status=302, headers={"Location": "/deep/feed.xml"})
    site.pages["/deep/feed.xml"] = Reply(rss(item("1")))
    assert urls(web.discover(site.url("/feed")).items) == [site.url("/deep/1")]


def test_too_many_items_are_cut_and_counted(site):
    site.pages["/feed"] = Reply(rss("".join(item(f"/{number}") for number in range(12))))
    site.pages["/sitemap"] = Reply(sitemap(*(f"/{number}" for number in range(12))))
    with Web(allow_private=True, limits=Limits(items=10)) as web:
        for path in ("/feed", "/sitemap"):
            listing = web.discover(site.url(path))
            assert (len(listing.items), listing.cut) == (10, 2)
            assert listing.items[9].url == site.url("/9")


def test_an_index_gives_the_pages_of_its_parts_in_order_and_each_once(web, site):
    site.pages["/sitemap.xml"] = Reply(sitemap_index("/b.xml.gz", "/a.xml.gz", "/inner.xml", "/b.xml.gz"), "text/xml")
    site.pages["/a.xml.gz"] = Reply(gzip.compress(sitemap("/3", "/1")), "application/x-gzip")
    site.pages["/b.xml.gz"] = Reply(gzip.compress(sitemap("/1", "/2")), "application/octet-stream")
    site.pages["/inner.xml"] = Reply(sitemap_index("/sitemap.xml", "/c.xml.gz", "/feed"))
    zipped = gzip.compress(sitemap("/4"))
    site.pages["/c.xml.gz"] = Reply(gzip.compress(zipped), "application/gzip", headers={"Content-Encoding": "gzip"})
    site.pages["/feed"] = Reply(rss(item("/5")))
    listing = web.discover(site.url("/sitemap.xml"))
    assert (listing.kind, listing.cut, listing.failed) == ("sitemap", 0, ())
    assert urls(listing.items) == [site.url(f"/{name}") for name in "12345"]
    assert site.asked() == ["/sitemap.xml", "/b.xml.gz", "/a.xml.gz", "/inner.xml", "/c.xml.gz", "/feed"]


def test_parts_that_fail_are_named_and_the_others_stay(web, site):
    site.pages["/sitemap.xml"] = Reply(sitemap_index("/gone.xml", "/page", "/a.xml", "/bad.xml"))
    site.pages["/page"] = Reply(b"<html></html>")
    site.pages["/a.xml"] = Reply(sitemap("/1"))
    site.pages["/bad.xml"] = Reply(sitemap("/2")[:-9])
    listing = web.discover(site.url("/sitemap.xml"))
    assert urls(listing.items) == [site.url("/1")]
    assert [str(error).split(": ")[0] for error in listing.failed] == [
        site.url(path) for path in ("/gone.xml", "/page", "/bad.xml")
    ]


def test_an_index_of_which_nothing_is_left_is_an_error(web, site):
    site.pages["/sitemap.xml"] = Reply(sitemap_index("/gone.xml"))
    with pytest.raises(LoadError, match=r"gone\.xml: 404 Not Found"):
        web.discover(site.url("/sitemap.xml"))


def test_indexes_in_indexes_end_after_two(web, site):
    for depth in range(5):
        site.pages[f"/{depth}.xml"] = Reply(sitemap_index(f"/{depth + 1}.xml", f"/pages{depth}.xml"))
        site.pages[f"/pages{depth}.xml"] = Reply(sitemap(f"/{depth}"))
    listing = web.discover(site.url("/0.xml"))
    assert urls(listing.items) == [site.url("/1"), site.url("/0")]
    assert "nested too deep" in str(listing.failed[0])
    assert "/3.xml" not in site.asked()


def test_no_more_parts_are_opened_than_the_limits_allow(site):
    site.pages["/sitemap.xml"] = Reply(sitemap_index(*(f"/part{number}" for number in range(9))))
    for number in range(9):
        site.pages[f"/part{number}"] = Reply(sitemap(f"/{number}a", f"/{number}b"))
    for limits, items, cut, opened in ((Limits(parts=3), 6, 6, 3), (Limits(items=5), 5, 7, 3)):
        site.requests.clear()
        with Web(allow_private=True, limits=limits) as web:
            listing = web.discover(site.url("/sitemap.xml"))
        assert (len(listing.items), listing.cut, len(site.requests)) == (items, cut, opened + 1)
