"""stub"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    url: str
    stamp: str = ""


class Web:
    def __init__(self, *, allow_private: bool = False) -> None: ...
    def close(self) -> None: ...


def is_url(text: str) -> bool:
    return "://" in text
