"""Gradio's one door: everything takes it from here, so that it is always imported in this way."""

import inspect
import os
from collections.abc import Iterator
from contextlib import contextmanager

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when gradio is imported


@contextmanager
def _without_stubs() -> Iterator[None]:
    """At each start Gradio parses its own sources to write stubs for editors beside them: near half of its import.

    It leaves out a class whose source it cannot find.
    """
    find = inspect.getfile

    def elsewhere(thing: object) -> str:
        if getattr(thing, "__module__", "").startswith("gradio."):
            raise OSError
        return find(thing)  # type: ignore[arg-type]

    inspect.getfile = elsewhere  # type: ignore[assignment]
    try:
        yield
    finally:
        inspect.getfile = find


with _without_stubs():
    import gradio as gr

__all__ = ["gr"]
