"""The library tab → HTML. Pure; titles, names and reasons come out as text, each in a direction of its own."""

from collections.abc import Sequence
from pathlib import Path

from index.load.files import LARGEST_FILE
from index.records import Entry, Failure, Status
from ui.jobs import Outcome, Work
from ui.library import MOST_ADDRESSES, MOST_FILES, Listing, after_removal, name_of
from ui.render.html import escape
from ui.render.lines import counted, in_a_window
from ui.uploads import READS

LONGEST_TITLE = 160  # characters shown
LONGEST_SOURCE = 60
LONGEST_TOOLTIP = 1_000
LONGEST_REASON = 400
MOST_NOTES = 100

FILES = (
    f"<h2>Add files</h2><p>{escape(READS)}. "
    f"Up to {LARGEST_FILE // 1_000_000} MB a file, {MOST_FILES} files at once.</p>"
)
PAGES = (
    "<h2>Add pages</h2><p>Web pages, feeds and sitemaps of the public web, one address a line, "
    f"{MOST_ADDRESSES} at once.</p>"
)


def listing(page: Listing, words: str, uploads: Path | None) -> str:
    """One page of articles with its count and the way to the others; they can be removed where `uploads` is given."""
    articles = counted(page.total, "article")
    count = f"{page.found:,} of {articles}" if words.strip() else articles
    rows = "".join(_row(entry, uploads) for entry in page.entries)
    if not rows:
        nothing = "No article has all of these words." if words.strip() else "There are no articles yet."
        rows = f'<li class="none">{nothing}</li>'
    return (
        f'<section id="articles" aria-label="Articles"><p class="count" role="status" tabindex="-1">{count}</p>'
        f'<ul role="list">{rows}</ul>{_pager(page)}</section>'
    )


def work(job: Work, problem: str = "") -> str:
    """What is being done or how it ended, and the `problem` that kept something else from being begun."""
    kind = "running" if job.running else "problem" if problem else "ended" if job.number else "idle"
    # Only the lines are live: a screen reader would else be told of every hundredth of the bar.
    if job.running:
        shown = (
            f'{_status(job.title)}<progress aria-label="{escape(job.title)}" max="1"{_share(job)}></progress>'
            f'<span class="rate">{escape(_rate(job))}</span>{_status(problem, "refused") if problem else ""}'
        )
    else:
        outcome = job.outcome if job.outcome and not problem else Outcome(problem)
        shown = f"{_status(outcome.text)}{_notes(outcome.notes)}"
    return f'<div id="work" class="{kind}" data-job="{job.number}">{shown}</div>'


def about(status: Status | None) -> str:
    """What could not be read and why, and what the index is, where and how it was built."""
    if status is None:
        return ""
    recipe = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in status.recipe.items())
    roots = "".join(f"<li>{_isolated(root, LONGEST_TOOLTIP)}</li>" for root in status.roots)
    made = f"<details><summary>Made from {counted(len(status.roots), 'place')}</summary><ul>{roots}</ul></details>"
    unfinished = "" if status.agrees else " It is being changed, or a change was cut short: index again completes it."
    line = (
        f"{counted(status.articles, 'article')} from {counted(status.sources, 'file or page', 'files and pages')}, "
        f"{counted(status.chunks, 'passage')}, {status.size / 1e6:,.1f} MB; built with {recipe}; "
        f"vectors in {status.vectors}."
    )
    return (
        f'<section id="about" aria-label="About the index">{_failures(status.failed)}'
        f'<p class="quiet">{_isolated(line, LONGEST_TOOLTIP)}{unfinished}</p>{made if status.roots else ""}</section>'
    )


def problem(text: str) -> str:
    """The list cannot be shown, and why."""
    return (
        f'<section id="articles"><p class="count" role="alert" tabindex="-1">{escape(in_a_window(text))}</p></section>'
    )


def _row(entry: Entry, uploads: Path | None) -> str:
    author = f"{_isolated(entry.author, 80)} · " if entry.author else ""
    others = f" and {len(entry.sources) - 1} more" if len(entry.sources) > 1 else ""
    tooltip = escape(_cut("\n".join(entry.sources), LONGEST_TOOLTIP))
    name = name_of(entry.sources[0]).split("://", 1)[-1]
    where = f'<span class="where" title="{tooltip}">{_isolated(name, LONGEST_SOURCE)}{others}</span>'
    given = f"from the {entry.date_source}" if entry.date_source else ""
    date = (
        f'<time datetime="{escape(entry.date)}" title="{escape(given)}">{escape(entry.date)}</time>'
        if entry.date
        else '<span class="undated">undated</span>'
    )
    return (
        f'<li><h2 title="{escape(_cut(entry.title, LONGEST_TOOLTIP))}">{_isolated(entry.title, LONGEST_TITLE)}</h2>'
        f'<p class="from">{author}{where}</p><p class="when">{date}</p>'
        f'<p class="length">{entry.characters:,} characters</p>{_removal(entry, uploads) if uploads else ""}</li>'
    )


def _removal(entry: Entry, uploads: Path) -> str:
    """A confirmation that needs no script: folded away, one open at a time."""
    name = f'<span class="unseen"> {_isolated(entry.title, LONGEST_TITLE)}</span>'
    return (
        '<details name="removal"><summary><span class="ask">Remove</span><span class="keep">Keep</span>'
        f"{name}</summary>"
        f'<div class="sure"><p>No answer will quote it any more. {escape(after_removal(entry.sources, uploads))}</p>'
        f'<button type="button" data-article="{escape(entry.id)}">Remove it{name}</button></div></details>'
    )


def _pager(page: Listing) -> str:
    if page.pages < 2:
        return ""

    def button(label: str, number: int) -> str:
        disabled = "" if 0 <= number < page.pages else " disabled"
        return f'<button type="button" data-page="{number}"{disabled}>{label}</button>'

    return (
        f'<nav aria-label="Pages of the list">{button("Previous", page.number - 1)}'
        f"<span>Page {page.number + 1:,} of {page.pages:,}</span>{button('Next', page.number + 1)}</nav>"
    )


def _status(text: str, kind: str = "") -> str:
    return f'<p class="{kind}" role="status" tabindex="-1">{_isolated(in_a_window(text), LONGEST_REASON)}</p>'


def _notes(notes: Sequence[str]) -> str:
    """A short list, one line each."""
    more = f"<li>… and {len(notes) - MOST_NOTES:,} more.</li>" if len(notes) > MOST_NOTES else ""
    items = "".join(f"<li>{_isolated(note, LONGEST_REASON)}</li>" for note in notes[:MOST_NOTES])
    return f'<ul role="list">{items}{more}</ul>' if notes else ""


def _failures(failed: Sequence[Failure]) -> str:
    if not failed:
        return ""
    return (
        f'<details class="failed"><summary>{counted(len(failed), "file or page", "files and pages")} could not be read'
        f"</summary>{_notes([failure.reason for failure in failed])}</details>"
    )


def _share(job: Work) -> str:
    return f' value="{min(job.done / job.total, 1):.3f}"' if job.total else ""


def _rate(job: Work) -> str:
    if not job.total:
        return "Looking at what is there …"
    speed = f" · {job.done / job.seconds:.0f} a second" if job.seconds > 1 and job.done > job.seconds else ""
    return f"{job.done:,.0f} of {job.total:,}{speed}"


def _isolated(text: str, longest: int) -> str:
    """In one line and cut, in an element that keeps its direction to itself."""
    return f"<bdi>{escape(_cut(' '.join(text.split()), longest))}</bdi>"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest].rstrip()} …"
