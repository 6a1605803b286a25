"""Pages, feeds and sitemaps are sources like files: followed when they change, kept when they cannot be reached"""

from dataclasses import replace

import pytest
from fake_site import FakeSite, Reply

from index.config import IndexSettings
from index.engine import Index
from index.errors import LoadError

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{}</channel></rss>"""
ITEM = "<item><link>{url}</link><title>t</title><author>Ann Lee</author>{date}</item>"
SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>{}</loc><lastmod>2023-03-03</lastmod></url><url><loc>{}</loc></url></urlset>"""
DATE = "<pubDate>Fri, 03 Mar 2023 10:00:00 GMT</pubDate>"
PAGE = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1><p>{1}</p></article></body></html>"


def page(title, text, **headers):
    return Reply(PAGE.format(title, text).encode(), headers=headers)


@pytest.fixture
def site():
    with FakeSite() as site:
        site.pages = {
            "/zebra": page("Zebra", "The zebra lives in Namibia and eats grass."),
            "/walrus": page("Walrus", "The walrus swims in the Arctic and eats clams."),
        }
        items = "".join(
            ITEM.format(url=site.url(path), date=date) for path, date in (("/zebra", DATE), ("/walrus", ""))
        )
        site.pages["/feed.xml"] = Reply(FEED.format(items).encode(), "application/rss+xml")
        yield site


@pytest.fixture
def index(tmp_path):
    return Index(IndexSettings(data_dir=tmp_path / "data"))


def texts(index, question):
    return [passage.article.text for passage in index.search(question) if passage.lexical]


def test_a_feed_becomes_its_pages_with_what_it_knows_of_them(index, site):
    report = index.sync([site.url("/feed.xml")], allow_private=True)
    assert (report.added, report.failed) == (2, ())
    walrus, zebra = sorted(index.entries(), key=lambda entry: entry.title)
    assert (zebra.date, zebra.date_source, zebra.author) == ("2023-03-03", "feed", "Ann Lee")
    assert (walrus.date, walrus.url, walrus.sources) == (None, site.url("/walrus"), (site.url("/walrus"),))
    assert "zebra lives in Namibia" in texts(index, "Where does the zebra live?")[0]
    assert index.status().roots == (site.url("/feed.xml"),)


def test_what_a_sitemap_says_has_not_changed_is_not_asked_for_again(index, site):
    site.pages["/walrus"] = [page("Walrus", "The walrus swims.", ETag='"1"'), Reply(status=304)]
    site.pages["/sitemap.xml"] = Reply(SITEMAP.format(site.url("/zebra"), site.url("/walrus")).encode(), "text/xml")
    index.sync([site.url("/sitemap.xml")], allow_private=True)
    site.requests.clear()
    report = index.sync(allow_private=True)
    assert (report.unchanged, report.added, report.edited) == (2, 0, 0)
    assert site.asked() == ["/sitemap.xml", "/walrus"]  # that one has no date there, so the site is asked
    assert site.requests[1][1]["if-none-match"] == '"1"'


def test_an_edited_page_replaces_its_old_text(index, site):
    index.sync([site.url("/walrus")], allow_private=True)
    site.pages["/walrus"] = page("Walrus", "The walrus sleeps on ice.")
    assert index.sync(allow_private=True).edited == 1
    assert texts(index, "clams") == []
    assert "sleeps on ice" in texts(index, "walrus")[0]


def test_a_page_that_cannot_be_reached_keeps_its_text_and_is_listed_until_it_can(index, site):
    index.sync([site.url("/walrus")], allow_private=True)
    kept = site.pages.pop("/walrus")
    for _ in range(2):
        report = index.sync(allow_private=True)
        assert [failure.path for failure in report.failed] == [site.url("/walrus")]
        assert "404" in report.failed[0].reason
        assert report.deleted == 0
        assert texts(index, "walrus")
        assert index.status().failed == report.failed
    site.pages["/walrus"] = kept
    assert index.sync(allow_private=True).failed == () == index.status().failed


def test_a_feed_that_cannot_be_reached_or_lists_less_takes_nothing_away(index, site):
    index.sync([site.url("/feed.xml")], allow_private=True)
    full = site.pages["/feed.xml"]
    site.pages["/feed.xml"] = Reply(status=404)
    report = index.sync(allow_private=True)
    assert [failure.path for failure in report.failed] == [site.url("/feed.xml")]
    site.pages["/feed.xml"] = replace(full, body=FEED.format(ITEM.format(url=site.url("/zebra"), date=DATE)).encode())
    report = index.sync(allow_private=True)
    assert (report.failed, report.deleted, index.status().failed) == ((), 0, ())
    assert index.article_count() == 2


def test_private_addresses_need_the_flag_and_nothing_is_made_without_it(index, site):
    report = index.sync([site.url("/walrus")])
    assert "--allow-private" in report.failed[0].reason
    assert site.asked() == []


def test_files_and_pages_with_one_text_are_one_article_that_cites_both(index, site, tmp_path):
    index.sync([site.url("/walrus")], allow_private=True)
    (tmp_path / "walrus.txt").write_text(index.article(index.entries()[0].id).text)
    assert index.sync([tmp_path / "walrus.txt"]).embedded == 0
    (entry,) = index.entries()
    assert entry.sources == (str(tmp_path / "walrus.txt"), site.url("/walrus"))


def test_a_feed_is_removed_with_its_pages(index, site, tmp_path):
    (tmp_path / "lynx.txt").write_text("The lynx hunts hares.")
    index.sync([site.url("/feed.xml"), tmp_path / "lynx.txt"], allow_private=True)
    assert len(index.remove([site.url("/feed.xml")])) == 2
    assert [entry.title for entry in index.entries()] == ["lynx"]
    assert index.status().roots == (str(tmp_path / "lynx.txt"),)
    with pytest.raises(LoadError, match="not in the index"):
        index.remove([site.url("/feed.xml")])
