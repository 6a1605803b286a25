"""Is anybody at the address, which models are there, and which of them is meant?"""

from dataclasses import replace
from difflib import get_close_matches

from rag.probes.finding import Finding, excerpt
from rag.probes.wire import Endpoint, Trouble, dig, split

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
    try:
        entries = listed(endpoint)
    except Trouble as trouble:
        if not trouble.answered or trouble.status == 401:
            return [Finding("address", "fails", f"{where}: {trouble.detail}", trouble.setting)], None
        if trouble.status == 404 and (better := _with_v1(endpoint)):
            return [Finding("address", "fails", f"{where}: there are no models", f"OPENAI_BASE_URL={better}")], None
        model = endpoint.model or ANY_MODEL
        known = replace(endpoint, model=model, embedding_model=model, rerank_model=model)
        return [Finding("address", "ok", where), Finding("models", "not offered", trouble.detail)], known
    names = [str(entry["id"]) for entry in entries]
    model = endpoint.model or next(iter(names), ANY_MODEL)
    entry = next((entry for entry in entries if entry["id"] == model), {})
    return [Finding("address", "ok", where), _models(names, endpoint.model)], replace(
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


def _with_v1(endpoint: Endpoint) -> str:
    """The address with /v1, if that was forgotten and there are models; as it may be shown."""
    if split(endpoint.address).path.rstrip("/").endswith("/v1") or split(endpoint.address).query:
        return ""
    longer = replace(endpoint, address=f"{endpoint.address.rstrip('/')}/v1")
    try:
        listed(longer)
    except Trouble:
        return ""
    return longer.shown


def _listed_window(entry: dict[str, object]) -> int | None:
    found = (dig(entry, *path) for path in WINDOWS)
    return next((value for value in found if isinstance(value, int) and value > 0), None)
