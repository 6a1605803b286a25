"""A document that hangs, crashes or fills the memory of its reader harms nothing else."""

import os
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from documents import column, make_docx, make_epub, make_pdf

from index.errors import LoadError
from index.load import files as load
from index.load import worker
from index.load.files import Reader, find_files
from index.load.worker import Request, Workers
from index.records import Article

ROOT = Path(__file__).parents[1]
PAGE = b"<h1>Tea</h1><p>Tea is hot.</p>"


def page(body: bytes = PAGE) -> Request:
    return Request("html", "a.html", "a", body)


@pytest.fixture
def spoilt(tmp_path, monkeypatch):
    """Workers whose reader of books runs the given lines; everything else is as it is."""

    def make(lines: str, seconds: float = 20) -> Workers:
        (tmp_path / "sitecustomize.py").write_text(
            f"import index.load.documents as documents\ndef read_epub(body):\n{textwrap.indent(lines, '    ')}\n"
            "documents.read_epub = read_epub\n"
        )
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        return Workers(seconds)

    return make


BOOK = Request("epub", "a.epub", "a", b"")


@pytest.mark.parametrize(
    ("lines", "seconds", "reason"),
    [
        ("while True: pass", 1.5, "took longer than 1.5 s"),
        ("import time; time.sleep(600)", 1.5, "took longer than 1.5 s"),
        ("import os; os._exit(3)", 20, "the reader stopped"),
        ("import ctypes; ctypes.string_at(0)", 20, "the reader stopped"),
        ("return bytearray(10**10)", 20, "the reader stopped: out of memory"),
        ("raise ValueError('odd')", 20, r"could not be read \(ValueError\)"),
        ("def f(): f()\nf()", 20, r"could not be read \(RecursionError\)"),
    ],
)
def test_a_document_that_stops_its_reader_is_a_load_error_and_the_next_one_is_read(spoilt, lines, seconds, reason):
    workers = spoilt(lines, seconds)
    try:
        started = time.monotonic()
        with pytest.raises(LoadError, match=reason):
            workers.ask(BOOK)
        assert time.monotonic() - started < 15
        workers.seconds_per_file = 20
        assert workers.ask(page()).text == "# Tea\n\nTea is hot."
    finally:
        workers.close()


def test_what_a_library_prints_is_not_taken_for_a_reply(spoilt):
    workers = spoilt("import os; print('{}', flush=True); os.write(1, b'{}\\n'); os.write(2, b'x')\nraise ValueError")
    try:
        with pytest.raises(LoadError, match="ValueError"):
            workers.ask(BOOK)
        assert workers.ask(page()).title == "Tea"
    finally:
        workers.close()


def test_a_worker_is_used_again_and_replaced_after_its_share_of_files(monkeypatch):
    monkeypatch.setattr(worker, "FILES_PER_PROCESS", 2)
    started = []
    original = subprocess.Popen
    monkeypatch.setattr(worker.subprocess, "Popen", lambda *a, **k: started.append(1) or original(*a, **k))
    workers = Workers()
    for _ in range(3):
        workers.ask(page())
    workers.close()
    assert len(started) == 2


def test_nothing_is_started_for_plain_text(tmp_path, monkeypatch):
    monkeypatch.setattr(worker.subprocess, "Popen", None)
    (tmp_path / "a.txt").write_text("Tea is hot.")
    with Reader() as reader:
        (article,) = reader.read([tmp_path / "a.txt"])
    assert isinstance(article, Article)


def test_the_libraries_are_not_loaded_into_the_program():
    heavy = ["trafilatura", "lxml", "pypdfium2", "docx", "yaml", "charset_normalizer"]
    found = f"import sys, index.load.files; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", found], cwd=ROOT, text=True) == "[]\n"


def test_a_file_beside_the_program_is_not_taken_for_a_library(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("docx.py", "lxml.py", "json.py"):
        (tmp_path / name).write_text("raise SystemExit")
    workers = Workers()
    try:
        assert workers.ask(page()).title == "Tea"
    finally:
        workers.close()


def test_a_worker_ends_when_its_parent_is_gone_even_while_it_reads(spoilt, tmp_path):
    note = tmp_path / "pid"
    spoilt(f"import os\nopen({str(note)!r}, 'w').write(f'{{os.getpid()}}.')\nwhile True: pass")
    program = f"""
import os, pathlib, threading, time
from index.load.worker import Request, Workers
threading.Thread(target=Workers().ask, args=[Request("epub", "", "", b"")]).start()
note = pathlib.Path({str(note)!r})
while not (note.exists() and note.read_text().endswith(".")):
    time.sleep(0.01)
os._exit(0)
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ["PYTHONPATH"]])}
    subprocess.run([sys.executable, "-c", program], env=environment, timeout=20, check=True)
    number = int(note.read_text().rstrip("."))
    ended = time.monotonic() + 5
    while _runs(number):
        assert time.monotonic() < ended


def _runs(number: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False


def test_closing_a_reader_ends_its_processes_and_what_they_read(spoilt):
    workers = spoilt("while True: pass", seconds=60)
    reasons = []

    def ask() -> None:
        try:
            workers.ask(BOOK)
        except LoadError as error:
            reasons.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    while not workers._all:
        time.sleep(0.01)
    (process,) = workers._all
    workers.close()
    thread.join(timeout=10)
    assert len(reasons) == 1
    assert process._process.returncode is not None
    with pytest.raises(LoadError, match="closed"):
        workers.ask(page())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("articles")
    lines = ["Tea is hot and coffee is not, as everybody knows who has had both of them.", "It ends here."]
    for number in range(6):
        (root / f"{number}.txt").write_text(f"Note {number}\n\nTea is hot.")
        (root / f"{number}.html").write_bytes(PAGE)
        (root / f"{number}.pdf").write_bytes(make_pdf([column(lines)]))
        (root / f"{number}.docx").write_bytes(make_docx([("", f"Letter {number}")]))
        (root / f"{number}.epub").write_bytes(make_epub([f"<p>Chapter {number}</p>"]))
    (root / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    return root


@pytest.mark.parametrize("count", [1, 3])
def test_results_come_in_the_order_of_the_files_with_errors_in_their_places(folder, count):
    paths = [*reversed(list(map(Path, find_files(folder)))), folder / "missing.pdf"]
    with Reader(count) as reader:
        results = reader.read(paths)
    assert [str(path) for path in paths] == [
        str(result).split(": ")[0] if isinstance(result, LoadError) else result.source for result in results
    ]
    assert [path.name for path, result in zip(paths, results, strict=True) if isinstance(result, LoadError)] == [
        "bad.pdf",
        "missing.pdf",
    ]


def test_a_document_that_takes_too_long_is_named_and_the_others_of_its_batch_are_read(folder, spoilt):
    spoilt("while True: pass")
    paths = [folder / "0.epub", folder / "0.html", folder / "0.txt", folder / "1.epub"]
    with Reader(workers=2, seconds_per_file=6) as reader:
        slow, *good, slow_too = reader.read(paths)
    assert str(slow).startswith(f"{folder / '0.epub'}: took longer than 6 s")
    assert isinstance(slow_too, LoadError)
    assert [article.text[:5] for article in good] == ["# Tea", "Note "]


def test_a_pdf_that_says_it_is_text_is_read_as_a_pdf(tmp_path):
    (tmp_path / "a.txt").write_bytes(make_pdf([column(["Tea is hot."])]))
    assert load.read_article(tmp_path / "a.txt").text == "Tea is hot."
