"""Is everything there that an answer needs? `examine` asks the machine and the endpoint, and keeps the profile."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from index.address import OPENAI
from index.errors import EndpointError
from rag.config import RagSettings
from rag.endpoint.profile import Profile, save
from rag.endpoint.trouble import Trouble, within
from rag.probes import chat, ports, streaming, vectors
from rag.probes.finding import Finding
from rag.probes.here import CHECKS, check_embedder, check_reranker
from rag.probes.models import introduce, listed, names_at
from rag.probes.window import window
from rag.probes.wire import Endpoint

NEEDED = {"address", "streaming", "index", "embedder", "data folder"}  # no answer without these; answers are streamed
WINDOW = 16_384  # tokens: the longest prompt that is tried
Probe = Callable[[Endpoint, Profile], chat.Probed]
Watch = Callable[[str, Sequence[Finding]], None]  # a probe's name when it begins, and again with what it found
PROBES: dict[str, Probe] = {
    "chat": chat.chat,
    "streaming": streaming.streaming,
    "system message": chat.system,
    "JSON object": chat.json_object,
    "JSON schema": chat.json_schema,
    "stop": chat.stop,
    "embeddings": vectors.embeddings,
    "rerank": vectors.rerank,
}


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found; the profile is None where no endpoint answers."""

    findings: tuple[Finding, ...]
    profile: Profile | None

    @property
    def works(self) -> bool:
        """Whether answers can be had as the settings say."""
        return not any(finding.verdict == "fails" and finding.what in NEEDED for finding in self.findings)


def examine(
    settings: RagSettings, *, scan: bool = True, longest: int = WINDOW, watch: Watch = lambda *_: None
) -> Examination:
    """Look at everything, each thing within its own time and whatever becomes of the others.

    Args:
        settings: what is looked at; the profile is kept in its data folder.
        scan: whether to look at the usual ports of this machine.
        longest: tokens of the longest prompt tried.
        watch: told when something begins, with no findings, and when it has ended, with them.
    """
    findings: list[Finding] = []

    def run(name: str, step: Callable[[], list[Finding]]) -> None:
        watch(name, ())
        found = step()
        watch(name, found)
        findings.extend(found)

    for name, check in CHECKS.items():
        run(name, lambda check=check: [check(settings)])  # type: ignore[misc]
    run("embedder", lambda: [check_embedder(settings, _limit(settings))])
    if settings.rerank:
        run("rerank model", lambda: [check_reranker(settings)])
    if scan:
        run("on this machine", lambda: ports.scan(settings.base_url, ports.PORTS))
    visit = _Visit(settings, longest)
    run("address", visit.meet)
    for name in visit.probes:
        if visit.endpoint:
            run(name, partial(visit.probe, name))
    if visit.endpoint:
        run("profile", visit.keep)
    return Examination(tuple(findings), visit.profile if visit.endpoint else None)


def _limit(settings: RagSettings) -> float:
    """Seconds that one probe may take: several requests, of which each may take as long as a first token."""
    return 2 * settings.first_token_timeout + settings.connect_timeout


def models_at(settings: RagSettings) -> list[str]:
    """The names of the models that the endpoint lists.

    Raises:
        EndpointError: it lists none; one line says why.
    """
    stranger = _stranger(settings)
    try:
        return within(_limit(settings), lambda: names_at(stranger))
    except Trouble as trouble:
        raise EndpointError(_said(stranger, trouble)) from None


def obstacle(settings: RagSettings, patience: float) -> str:
    """Why the endpoint will not answer, as far as one look of so many seconds tells; "" where nothing is in the way."""
    stranger = replace(_stranger(settings), connect_timeout=patience, patience=patience)
    try:
        within(patience, lambda: listed(stranger))
    except Trouble as trouble:
        if not trouble.answered or trouble.status == 401:
            return _said(stranger, trouble)
    return ""


def _said(endpoint: Endpoint, trouble: Trouble) -> str:
    return f"{endpoint.shown}: {trouble.detail}{'' if trouble.detail.endswith('?') else '.'}"


def _stranger(settings: RagSettings) -> Endpoint:
    return Endpoint(
        settings.base_url or OPENAI,
        settings.model,
        settings.api_key,
        settings.connect_timeout,
        settings.first_token_timeout,
    )


class _Visit:
    """One endpoint and what is known of it so far. `endpoint` is None where there is no use in asking further."""

    def __init__(self, settings: RagSettings, longest: int) -> None:
        self.settings = settings
        self.endpoint: Endpoint | None = None
        self.profile = Profile("", "")
        self.probes: dict[str, Probe] = {**PROBES, "window": partial(window, settings=settings, top=longest)}

    def meet(self) -> list[Finding]:
        settings = self.settings
        if not settings.has_endpoint:
            hint = "OPENAI_BASE_URL=http://127.0.0.1:11434/v1"
            return [Finding("address", "not offered", "none is set: answers are quotes", hint)]
        stranger = _stranger(settings)
        try:
            findings, self.endpoint = within(_limit(settings), lambda: introduce(stranger))
        except Trouble as trouble:
            return [Finding("address", "fails", f"{stranger.shown}: {trouble.detail}", trouble.setting)]
        if self.endpoint:
            made = datetime.now(UTC).isoformat(timespec="seconds")
            self.profile = Profile(self.endpoint.shown, self.endpoint.model, made)
        return findings

    def probe(self, name: str) -> list[Finding]:
        """What one probe finds. One that fails leaves the profile as it was; without a stream there are no answers."""
        assert self.endpoint is not None
        ask = partial(self.probes[name], self.endpoint, self.profile)
        patience = _limit(self.settings) + (self.settings.answer_timeout if name == "window" else 0)
        try:
            findings, self.profile = within(patience, ask)
        except Trouble as trouble:
            if name in NEEDED:
                self.endpoint = None
            return [Finding(name, "fails", trouble.detail, trouble.setting)]
        return findings

    def keep(self) -> list[Finding]:
        try:
            path = save(self.profile, self.settings)
        except OSError as error:
            setting = "FOOTNOTE_DATA_DIR=/a/folder/of/yours"
            return [Finding("profile", "works, but", f"cannot be kept: {error.strerror}", setting)]
        return [Finding("profile", "ok", f"kept in {path}")]
