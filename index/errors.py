"""Everything that can go wrong, as one tree.

FootnoteError            one line and a hint; exit code 1, or a notice in the chat
├── ConfigError          a setting is missing or makes no sense (names the variable)
├── LoadError            an article cannot be read (names the file and why); the others still go in
├── QuestionError        the question is empty or too long
├── IndexMissing         nothing indexed yet
├── IndexStale           built with another embedder or chunking
├── IndexBusy            another process is writing
└── EndpointError        the model endpoint failed; the quotes found are still shown
"""


class FootnoteError(Exception):
    """One line for a person: what happened, and `hint`, what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


def disk_hint(error: BaseException, otherwise: str) -> str:
    """What to do about an error of a database: a full disk or a locked folder is none of its fault."""
    reason = str(error).lower()
    if "disk is full" in reason or "disk i/o" in reason or "no space" in reason:
        return "Free some space on the disk, or set FOOTNOTE_DATA_DIR."
    if "readonly" in reason or "unable to open" in reason:
        return "Footnote needs to write to the folder even for reading: change its permissions, or copy it."
    return otherwise


class ConfigError(FootnoteError):
    """A setting is missing or makes no sense."""


class LoadError(FootnoteError):
    """An article cannot be read."""


class QuestionError(FootnoteError):
    """The question is empty or too long."""


class IndexMissing(FootnoteError):
    """Nothing has been indexed yet."""


class IndexStale(FootnoteError):
    """The index was built with other settings or by another version."""


class IndexBusy(FootnoteError):
    """Another process is writing to the index."""


class EndpointError(FootnoteError):
    """The model endpoint failed."""
