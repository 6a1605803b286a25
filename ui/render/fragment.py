"""A quote → the address of its web page that scrolls to the quote: https://site/page#:~:text=… Pure.

The directive is that of wicg.github.io/scroll-to-text-fragment: whole words, white space as one space, a range within
which paragraphs may lie.
"""

import re
from collections.abc import Callable
from urllib.parse import quote as percent

from index.load.draft import is_web_address
from index.records import Article
from rag.records import Citation

LONGEST_WHOLE = 100  # characters of a quote that stands in the address as it is
WORDS = 4  # of each end of a longer one, or more where these stand elsewhere too
LONGEST = 1_000  # characters of a directive; a longer one is left out
IN_ADDRESSES = ":/?@!$'()*+,;=&%[]~"  # what an address holds beside letters, digits, "-", "." and "_"


def text_fragment(citation: Citation, article: Article | None = None) -> str:
    """The address that opens the quote on its web page; "" where neither citation nor article has a web page.

    `article` is the citation's, where it is at hand: it may know its page, and which words stand in it more than once.
    """
    known = [article.url] if article and article.url else []
    address = next(filter(is_web_address, [*known, citation.source, *citation.also]), "")
    if not address:
        return ""
    page, _, place = re.sub(r"//[^/?#]*@", "//", address, count=1).partition("#")
    place = place.partition(":~:")[0]  # somebody else's quote
    directive = _directive(citation.quote, article.text if article else citation.quote)
    target = percent(page, IN_ADDRESSES) + (f"#{percent(place, IN_ADDRESSES)}" if place or directive else "")
    return f"{target}:~:text={directive}" if directive else target


def _directive(quote: str, text: str) -> str:
    """ "all words", or "first words,last words" of a quote that is long or goes over a paragraph's end."""
    paragraphs = re.split(r"\n\s*\n", quote.strip())
    whole, first, last = _flat(quote), paragraphs[0].split(), paragraphs[-1].split()
    directive = _encoded(whole)
    if len(paragraphs) > 1 or len(whole) > LONGEST_WHOLE:
        everything, sought = _flat(text).casefold(), whole.casefold()
        start = _shortest(len(first), lambda n: " ".join(first[:n]), lambda words: everything.count(words) == 1)
        room = len(whole.split()) - len(start.split())
        end = _shortest(
            min(len(last), room),
            lambda n: " ".join(last[-n:]),
            lambda words: sought.find(words, len(start)) == len(sought) - len(words),
        )
        directive = f"{_encoded(start)},{_encoded(end)}" if start and end else directive
    return directive if len(directive) <= LONGEST else ""


def _shortest(most: int, words: Callable[[int], str], will_do: Callable[[str], bool]) -> str:
    """The fewest words, from WORDS to `most`, that will do; all there are where none will, "" where there are none."""
    for count in range(min(WORDS, most), most + 1):
        if count and will_do(words(count).casefold()):
            return words(count)
    return words(most) if most > 0 else ""


def _encoded(words: str) -> str:
    return percent(words, safe="").replace("-", "%2D")  # a comma, "&" and "-" mean something in a directive


def _flat(text: str) -> str:
    return " ".join(text.split())
