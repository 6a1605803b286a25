"""A word that no article has → the one that must be meant."""

from collections.abc import Callable, Sequence

from index.terms import stem

SHORTEST = 5  # letters of a word that may be a typo
LONG = 8  # letters of a word that may have two


def meant(word: str, stems_from: Callable[[str], Sequence[str]]) -> str | None:
    """The nearest stem with the same first letter, one letter or swap away (two in a long word).

    `stems_from` gives the stems that begin with a letter.
    """
    if len(word) < SHORTEST or not word.isalpha():
        return None
    from rapidfuzz.distance import DamerauLevenshtein
    from rapidfuzz.process import extractOne

    most = 2 if len(word) >= LONG else 1
    found = extractOne(stem(word), stems_from(word[0]), scorer=DamerauLevenshtein.distance, score_cutoff=most)
    return str(found[0]) if found else None
