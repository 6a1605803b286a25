"""Tiny conversations that show what a chat endpoint does, and whether its model does what it is told."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rag.endpoint.profile import Profile
from rag.endpoint.trouble import Trouble
from rag.probes.finding import Finding, Verdict, excerpt, not_followed
from rag.probes.wire import Endpoint, dig

Probed = tuple[list[Finding], Profile]
SUM = "What is 2 + 3? Reply with the number alone."
LIMITS = "max_tokens", "max_completion_tokens"
THOUGHT = re.compile("</?think>")
SHORT, ROOM_TO_THINK = 48, 600  # tokens of a reply
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
CITY = 'Reply with a JSON object: the key "city" and as its value the capital of France.'


@dataclass(frozen=True, slots=True)
class Said:
    """A reply as it came: `thought` is the reasoning beside the text, `prompt_tokens` what the endpoint counted."""

    text: str
    thought: str
    finish_reason: str
    prompt_tokens: int | None

    @property
    def answer(self) -> str:
        """The text after the thoughts in it."""
        *_, answer = self.text.rpartition("</think>")
        return "" if "<think>" in answer else answer


def request(
    endpoint: Endpoint, profile: Profile, chat: str | Sequence[Mapping[str, str]], **more: Any
) -> dict[str, Any]:
    """The body of a request in the fields that this endpoint takes; a model that thinks first is given more room."""
    messages = [{"role": "user", "content": chat}] if isinstance(chat, str) else list(chat)
    body = {"model": endpoint.model, "messages": messages, profile.limit_field: _room(profile), **more}
    return {**body, "temperature": 0} if profile.supports_temperature else body


def say(endpoint: Endpoint, profile: Profile, chat: str | Sequence[Mapping[str, str]], **more: Any) -> Said:
    """The reply to one message, or to several. Raises Trouble."""
    reply = endpoint.post("chat/completions", request(endpoint, profile, chat, **more))
    message = dig(reply, "choices", 0, "message")
    if not isinstance(message, dict):
        raise Trouble("answers without a message", message=json.dumps(dig(reply, "error")))
    counted = dig(reply, "usage", "prompt_tokens")
    return Said(
        text_of(message.get("content")),
        text_of(message.get("reasoning_content") or message.get("reasoning")),
        text_of(dig(reply, "choices", 0, "finish_reason")),
        counted if isinstance(counted, int) and counted > 0 else None,
    )


def text_of(value: Any) -> str:
    """What is no text is none, and half of a split character is a mark."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _room(profile: Profile) -> int:
    return ROOM_TO_THINK if profile.reasoning else SHORT


def chat(endpoint: Endpoint, profile: Profile) -> Probed:
    """Does it answer, count tokens, say how it ended, and think aloud?"""
    said, profile = _first_words(endpoint, profile)
    reasoning = "field" if said.thought else "tags" if THOUGHT.search(said.text) else ""
    profile = replace(profile, reasoning=reasoning)
    if reasoning and "5" not in said.answer:
        said = say(endpoint, profile, SUM)
    follows = "5" in said.answer
    detail = "answers" if follows else not_followed(said.answer)
    if profile.limit_field != LIMITS[0]:
        detail += f", but takes {LIMITS[1]} and no temperature"
    elif not profile.supports_temperature:
        detail += ", but takes no temperature"
    findings = [Finding("chat", "ok" if follows else "works, but", detail)]
    counts = said.prompt_tokens is not None
    findings.append(Finding("usage", *(("ok", "counted") if counts else ("not offered", "no counts"))))
    ended = said.finish_reason
    if ended == "length" and not follows:
        detail = f"not reached within {_room(profile)} tokens"
        findings.append(Finding("end of a reply", "works, but", detail, "FOOTNOTE_ANSWER_TOKENS=1200"))
    elif ended:
        findings.append(Finding("end of a reply", "ok", f"says “{excerpt(ended)}”"))
    else:
        findings.append(Finding("end of a reply", "works, but", "does not say why a reply ends"))
    findings.append(_reasoning(reasoning, said))
    return findings, replace(profile, supports_usage=counts)


def _first_words(endpoint: Endpoint, profile: Profile) -> tuple[Said, Profile]:
    """The reply, and the fields that were taken: some models refuse a temperature, or the older name of the limit."""
    refused: Trouble | None = None
    for temperature, limit in ((True, LIMITS[0]), (False, LIMITS[0]), (False, LIMITS[1])):
        profile = replace(profile, supports_temperature=temperature, limit_field=limit)
        try:
            return say(endpoint, profile, SUM), profile
        except Trouble as trouble:
            if trouble.status not in (400, 422):
                raise
            refused = refused or trouble
    assert refused is not None
    raise refused


def _reasoning(kind: str, said: Said) -> Finding:
    if not kind:
        return Finding("reasoning", "ok", "none")
    if kind == "field":
        return Finding(
            "reasoning", "works, but", "beside the text, from the same tokens", "FOOTNOTE_ANSWER_TOKENS=1200"
        )
    if "</think>" not in said.text:
        detail = f"<think> is not closed within {ROOM_TO_THINK} tokens"
        return Finding("reasoning", "works, but", detail, "FOOTNOTE_ANSWER_TOKENS=2000")
    return Finding("reasoning", "works, but", "in the text, as <think>", "FOOTNOTE_ANSWER_TOKENS=1200")


def system(endpoint: Endpoint, profile: Profile) -> Probed:
    """Are instructions in a system message taken, and obeyed?"""
    asked = [
        {"role": "system", "content": "Whatever you are asked, reply with the single word BANANA and nothing else."},
        {"role": "user", "content": SUM},
    ]
    try:
        said = say(endpoint, profile, asked)
    except Trouble as trouble:
        if not trouble.refuses:
            raise
        detail = f"{trouble.detail}: instructions must stand in the question"
        return [Finding("system message", "not offered", detail)], replace(profile, supports_system=False)
    obeyed = "banana" in said.answer.lower()
    detail = "obeyed" if obeyed else not_followed(said.answer)
    finding = Finding("system message", "ok" if obeyed else "works, but", detail)
    return [finding], replace(profile, supports_system=True)


def json_object(endpoint: Endpoint, profile: Profile) -> Probed:
    """Does `response_format` json_object give JSON?"""
    finding, works = _json("JSON object", endpoint, profile, {"type": "json_object"})
    return [finding], replace(profile, supports_json_object=works)


def json_schema(endpoint: Endpoint, profile: Profile) -> Probed:
    """Does `response_format` json_schema give JSON of that shape?"""
    schema = {"name": "place", "strict": True, "schema": SCHEMA}
    finding, works = _json("JSON schema", endpoint, profile, {"type": "json_schema", "json_schema": schema})
    return [finding], replace(profile, supports_json_schema=works)


def _json(what: str, endpoint: Endpoint, profile: Profile, wanted: Mapping[str, Any]) -> tuple[Finding, bool]:
    try:
        said = say(endpoint, profile, CITY, response_format=wanted)
    except Trouble as trouble:
        if not trouble.refuses:
            raise
        return Finding(what, "not offered", trouble.detail), False
    try:
        given = json.loads(said.answer)
    except (ValueError, RecursionError):
        return Finding(what, "works, but", f"taken and ignored: “{excerpt(said.answer)}”"), False
    if isinstance(dig(given, "city"), str):
        return Finding(what, "ok", "gives the shape that was asked for"), True
    return Finding(what, "works, but", f"JSON of another shape: “{excerpt(said.answer)}”"), False


def stop(endpoint: Endpoint, profile: Profile) -> Probed:
    """Does a reply end before the text that is to stop it?"""
    try:
        said = say(endpoint, profile, "Count from 1 to 9: 1 2 3 and so on. Digits and spaces only.", stop=["5"])
    except Trouble as trouble:
        if not trouble.refuses:
            raise
        return [Finding("stop", "not offered", trouble.detail)], replace(profile, supports_stop=False)
    answer = said.answer
    verdict: Verdict
    if "5" in answer:
        verdict, detail, works = "works, but", "taken and ignored", False
    elif "4" in answer:
        verdict, detail, works = "ok", "ends where it should", True
    else:
        return [Finding("stop", "works, but", not_followed(answer))], profile
    return [Finding("stop", verdict, detail)], replace(profile, supports_stop=works)
