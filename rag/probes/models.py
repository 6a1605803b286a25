"""Is anybody at the address, which models are there, and which of them is meant?"""

from dataclasses import replace
from difflib import get_close_matches

from index.address import has_version, split
from rag.endpoint.trouble import Trouble
from rag.probes.finding import Finding, excerpt
from rag.probes.wire import Endpoint, dig

ANY_MODEL = "default"  # for servers that have one model and list none
SHOWN = 5  # models
LONGEST_NAME = 80  # characters
WINDOWS = (  # where the list has the window in tokens: vLLM, LM Studio, llama.cpp, others
    ("max_model_len",),
    ("loaded_context_length",),
    ("meta", "n_ctx"),
    ("context_length",),
    ("context_window",),
)


def introduce(endpoint: Endpoint) -> tuple[list[Finding], Endpoint | None]:
    """What is there, and the endpoint with the model that answers; None where there is no use in asking further."""
    where = f"{endpoint.shown}, with {'a key' if endpoint.has_key else 'no key'}"
    address = Finding("address", "ok", where)
    if better := _with_v1(endpoint):
        setting = f"OPENAI_BASE_URL={better.shown}"
        address, endpoint = Finding("address", "works, but", f"{where}; /v1 is missing, and added", setting), better
    try:
        entries = listed(endpoint)
    except Trouble as trouble:
        if not trouble.answered or trouble.status == 401:
            return [Finding("address", "fails", f"{where}: {trouble.detail}", trouble.setting)], None
        model = endpoint.model or ANY_MODEL
        known = replace(endpoint, model=model, embedding_model=model, rerank_model=model)
        return [address, Finding("models", "not offered", trouble.detail)], known
    names = [str(entry["id"]) for entry in entries]
    model = endpoint.model or next(iter(names), ANY_MODEL)
    entry = next((entry for entry in entries if entry["id"] == model), {})
    return [address, _models(names, endpoint.model)], replace(
        endpoint,
        model=model,
        embedding_model=next((name for name in names if "embed" in name.lower()), model),
        rerank_model=next((name for name in names if "rerank" in name.lower()), model),
        listed_window=_listed_window(entry),
    )


def listed(endpoint: Endpoint) -> list[dict[str, object]]:
    """The entries of the endpoint's list of models. Raises Trouble."""
    entries = dig(endpoint.get("models"), "data")
    if not isinstance(entries, list):
        raise Trouble("answers with no list of models", status=404)
    return [entry for entry in entries if isinstance(entry, dict) and isinstance(entry.get("id"), str)]


def names_at(endpoint: Endpoint) -> list[str]:
    """The models that are listed there, or below /v1 where that was forgotten. Raises Trouble."""
    return [str(entry["id"]) for entry in listed(_with_v1(endpoint) or endpoint)]


def some(names: list[str]) -> str:
    """The first few names."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(excerpt(name, LONGEST_NAME) for name in names[:SHOWN]) + more


def _models(names: list[str], wanted: str) -> Finding:
    if not names:
        return Finding("models", "works, but", "the list is empty")
    detail = f"{len(names)} listed: {some(names)}"
    if not wanted:
        return Finding("models", "ok", f"{detail}; the first is taken")
    if wanted in names or f"{wanted}:latest" in names:
        return Finding("models", "ok", detail)
    nearest = (get_close_matches(wanted, names, 1, 0) or names)[0]
    setting = f"FOOTNOTE_MODEL={excerpt(nearest, LONGEST_NAME)}"
    return Finding("models", "works, but", f"{excerpt(wanted, LONGEST_NAME)} is not among the {detail}", setting)


def _with_v1(endpoint: Endpoint) -> Endpoint | None:
    """The endpoint with /v1, where that was forgotten: nothing is found without it, and something with it."""
    parts = split(endpoint.address)
    if has_version(parts.path) or not parts.hostname or _is_there(endpoint):
        return None
    longer = replace(endpoint, address=parts._replace(path=f"{parts.path.rstrip('/')}/v1").geturl())
    return longer if _is_there(longer) else None


def _is_there(endpoint: Endpoint) -> bool:
    """Whether the path leads anywhere, if only to a refusal."""
    try:
        listed(endpoint)
    except Trouble as trouble:
        if trouble.status != 404:
            return trouble.answered
    else:
        return True
    try:
        endpoint.post("chat/completions", {"model": endpoint.model, "messages": []})
    except Trouble as trouble:
        return trouble.answered and trouble.status != 404
    return True


def _listed_window(entry: dict[str, object]) -> int | None:
    found = (dig(entry, *path) for path in WINDOWS)
    return next((value for value in found if isinstance(value, int) and value > 0), None)
