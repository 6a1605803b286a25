"""The report's plots as inline SVG that takes its colours from the page (matplotlib's door, beside the bench's)."""

import hashlib
import io
import re
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from evals.results import Estimate, number_as_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Stand-ins, replaced by the page's own colours: a plot is then right in the dark and in the light.
INK, FAINT, LINE = "#010101", "#020202", "#030303"
SERIES = ("#040401", "#040402", "#040403", "#040404", "#040405", "#040406")
COLOURS = {INK: "var(--ink)", FAINT: "var(--faint)", LINE: "var(--line)"}
COLOURS |= {colour: f"var(--series-{number})" for number, colour in enumerate(SERIES, start=1)}
WIDTH, ROW = 4.4, 0.44  # inches
LONGEST_LABEL = 46  # characters
Point = tuple[float, float]
PLAIN: Any = {
    "svg.fonttype": "none",  # text stays text: it can be read aloud, and the page sets its face
    "svg.hashsalt": "footnote",
    "text.parse_math": False,  # a dollar sign in a name is one
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": FAINT,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "font.size": 10,
}


def intervals(metric: str, labels: Sequence[str], series: Sequence[int], estimates: Sequence[Estimate]) -> str:
    """A dot and its interval for each run, under the run's name; runs of one `series` have one colour."""
    from matplotlib import rc_context

    top = max(one.high for one in estimates)
    limit = 1.0 if top <= 1 else top * 1.05
    with rc_context(PLAIN):
        figure, axes = _figure(ROW * len(labels) + 0.75)
        axes.set_title(metric, loc="left", fontsize=11, fontweight="bold")
        for place, (label, number, one) in enumerate(zip(labels, series, estimates, strict=True)):
            colour = SERIES[number % len(SERIES)]
            axes.plot([one.low, one.high], [place, place], color=colour, linewidth=3, solid_capstyle="round", alpha=0.4)
            axes.plot([one.value], [place], "o", color=colour, markersize=6, clip_on=False)  # whole, at 0 and 1 too
            axes.text(0, place - 0.2, _short(label), fontsize=9, va="bottom")
            axes.text(limit, place - 0.2, number_as_text(one.value), fontsize=9, va="bottom", ha="right")
        axes.set(xlim=(min(0.0, *(one.low for one in estimates)), limit), ylim=(len(labels) - 0.5, -0.85), yticks=[])
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.grid(axis="x", color=LINE, linewidth=0.6)
        axes.set_axisbelow(True)
        return _svg(figure, f"{metric}: " + "; ".join(_said(*pair) for pair in zip(labels, estimates, strict=True)))


def curves(labels: Sequence[str], series: Sequence[int], points: Sequence[Sequence[Point]]) -> str:
    """Under-refusal against over-refusal, a line for each run."""
    from matplotlib import rc_context

    with rc_context(PLAIN):
        figure, axes = _figure(WIDTH * 0.82)
        axes.set_title("What refusing more costs", loc="left", fontsize=11, fontweight="bold")
        for label, number, line in zip(labels, series, points, strict=True):
            across, up = zip(*line, strict=True)
            axes.plot(across, up, color=SERIES[number % len(SERIES)], linewidth=2, label=_short(label))
        axes.set(xlim=(0, 1), ylim=(0, 1.01))
        axes.set_xlabel("refused although the documents say")
        axes.set_ylabel("answered although they do not")
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(color=LINE, linewidth=0.6)
        axes.legend(frameon=False, fontsize=9)
        return _svg(figure, "Answered although the documents do not say, against refused although they do.")


def _figure(height: float) -> "tuple[Figure, Axes]":
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    FigureCanvasSVG(figure)
    figure.patch.set_visible(False)
    axes = figure.subplots()
    axes.patch.set_visible(False)
    return figure, axes


def _svg(figure: "Figure", said: str) -> str:
    """The figure as an element of the page: without a head, addresses and the ids that a second figure would repeat."""
    from xml.sax.saxutils import quoteattr

    buffer = io.StringIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # letters that the measuring font lacks; the page's own font has them
        figure.savefig(buffer, format="svg", metadata={"Creator": None, "Date": None, "Format": None, "Type": None})
    drawn = buffer.getvalue()
    drawn = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", drawn[drawn.index("<svg") :], flags=re.DOTALL)
    drawn = re.sub(
        r' xmlns(?::xlink)?="[^"]*"| version="1.1"|(?<=<g) id="[^"]*"| (?:width|height)="[\d.]+pt"', "", drawn
    )
    drawn = re.sub(r"font-family: [^;\"]*", "font-family: inherit", drawn)
    own = hashlib.sha256(drawn.encode()).hexdigest()[:8]
    drawn = re.sub(r'(?<=id=")(?=[mp][0-9a-f]{10}")|(?<=#)(?=[mp][0-9a-f]{10}[")])', f"i{own}-", drawn)
    for stand_in, colour in COLOURS.items():
        drawn = drawn.replace(stand_in, colour)
    return drawn.replace("<svg", f'<svg role="img" aria-label={quoteattr(said)}', 1).strip()


def _said(label: str, one: Estimate) -> str:
    return f"{label} {number_as_text(one.value)} ({number_as_text(one.low)} to {number_as_text(one.high)})"


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
