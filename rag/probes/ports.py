"""What listens on this machine: one question without a key to each of the usual ports."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from index.address import LOOPBACK, split
from rag.endpoint.trouble import Trouble, within
from rag.probes.finding import Finding, excerpt
from rag.probes.models import LONGEST_NAME, listed, some
from rag.probes.wire import Endpoint, dig

PORTS = {11434: "Ollama", 1234: "LM Studio", 8080: "llama.cpp", 8000: "vLLM", 4000: "LiteLLM"}
PATIENCE = 1.0  # seconds


def scan(configured: str, ports: Mapping[int, str] = PORTS) -> list[Finding]:
    """A finding for each port that lists models, but the configured one; no key is sent to any of them."""
    with ThreadPoolExecutor(len(ports) or 1, thread_name_prefix="footnote-port") as pool:
        found = list(pool.map(_look, [port for port in ports if not _is_at(configured, port)]))
    findings = [finding for finding in found if finding]
    nothing = Finding("on this machine", "not offered", f"nothing new at the ports {', '.join(map(str, ports))}")
    return findings or [nothing]


def _look(port: int) -> Finding | None:
    root = f"http://127.0.0.1:{port}"
    endpoint = Endpoint(f"{root}/v1", key=None, connect_timeout=PATIENCE, patience=PATIENCE)
    what = f"port {port} ({PORTS.get(port, 'unknown')})"
    try:
        names = within(2 * PATIENCE, lambda: _names(endpoint, root))
    except Trouble as trouble:
        if trouble.status in (401, 403):
            return Finding(what, "works, but", "wants a key", f"OPENAI_BASE_URL={root}/v1 OPENAI_API_KEY=…")
        return None
    model = f" FOOTNOTE_MODEL={excerpt(names[0], LONGEST_NAME)}" if names else ""
    return Finding(what, "ok", some(names) or "lists no models", f"OPENAI_BASE_URL={root}/v1{model}")


def _names(endpoint: Endpoint, root: str) -> list[str]:
    try:
        return [str(entry["id"]) for entry in listed(endpoint)]
    except Trouble as trouble:
        if trouble.status != 404:
            raise
    entries = dig(Endpoint(root, key=None, patience=PATIENCE).get("api/tags"), "models")  # an old Ollama
    if not isinstance(entries, list):
        raise Trouble("answers with no list of models")
    return [name for entry in entries if isinstance(name := dig(entry, "name"), str)]


def _is_at(address: str, port: int) -> bool:
    try:
        parts = split(address)
        return parts.hostname in LOOPBACK and parts.port == port
    except ValueError:
        return False
