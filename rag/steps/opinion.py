"""What a model makes of claims that the checks leave open: it may call one supported, and never overrules a check."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.prompt import harmless, rules, wording
from rag.records import Answer, Claim
from rag.support import is_left_open

VERDICT = re.compile(r"^\W*(\d+)\W+(yes|no)\b", re.IGNORECASE | re.MULTILINE)
MARK = re.compile(r"\s*\[\d+\]")


def left_open(answer: Answer) -> list[Claim]:
    """The claims that no check fails and none can decide."""
    return [claim for claim in answer.claims if claim.support == "partial" and is_left_open(claim.reason)]


def opinion_messages(answer: Answer, claims: Sequence[Claim]) -> list[Mapping[str, str]]:
    """What the model is asked, once for all of them."""
    quotes = {citation.number: harmless(wording(citation.quote)) for citation in answer.citations}
    asked = []
    for number, claim in enumerate(claims, start=1):
        said = harmless(MARK.sub("", answer.text[claim.start : claim.end]))
        given = "\n".join(f"<quote>{quotes[cited]}</quote>" for cited in claim.citations)
        asked.append(f"{number}:\n<claim>{said}</claim>\n{given}")
    return [{"role": "system", "content": rules("opinion")}, {"role": "user", "content": "\n\n".join(asked)}]


def with_opinions(answer: Answer, claims: Sequence[Claim], reply: str, model: str) -> Answer:
    """The answer with those claims called supported that the reply says yes to; two verdicts on one are none."""
    said: dict[int, set[str]] = {}
    for number, verdict in VERDICT.findall(reply):
        said.setdefault(int(number), set()).add(verdict.lower())
    agreed = {claim.start for number, claim in enumerate(claims, start=1) if said.get(number) == {"yes"}}
    judged = tuple(
        replace(claim, support="supported", reason=f"judged by {model}") if claim.start in agreed else claim
        for claim in answer.claims
    )
    return replace(answer, claims=judged)
