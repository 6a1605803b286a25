"""Gradio is imported without the stubs for editors that it would write beside its own sources."""

import subprocess
import sys

WRITES_STUBS = """
import ast
import inspect

find, parsed = inspect.getfile, []
segment = ast.get_source_segment
ast.get_source_segment = lambda *given: parsed.append(given) or segment(*given)
from ui.web.door import gr

assert gr.HTML and inspect.getfile is find
print(len(parsed))
"""


def test_no_stub_is_made_when_gradio_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", WRITES_STUBS], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "0", done.stderr
