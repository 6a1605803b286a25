"""A word that no article has → the one that must be meant."""

import re
from collections.abc import Callable, Sequence

from index.terms import stem

SHORTEST = 5  # letters of a word that may be a typo
LONG = 8  # letters of a word that may have two
# Where a vowel is missing a word seems too short for its ending to be cut: "hosptal" keeps what "hospital" loses.
ENDING = re.compile(r"(?:al|ance|ence|er|ic|able|ible|ant|e?ment|ent|ion|ism|ate|ity|ous|ive|ize)$")


def meant(word: str, stems_from: Callable[[str], Sequence[str]]) -> str | None:
    """The nearest stem with the same first letter, one letter or swap away (two in a long word).

    `stems_from` gives the stems that begin with a letter.
    """
    if len(word) < SHORTEST or not word.isalpha():
        return None
    from rapidfuzz.distance import DamerauLevenshtein
    from rapidfuzz.process import extractOne

    root = stem(word)
    cut = ENDING.sub("", root)
    for form, most in ((root, 2 if len(word) >= LONG else 1), (cut, 1)):
        if form == root or len(form) >= SHORTEST:
            found = extractOne(form, stems_from(word[0]), scorer=DamerauLevenshtein.distance, score_cutoff=most)
            if found:
                return str(found[0])
    return None
