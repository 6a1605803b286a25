"""Servers that others wrote, as processes on a loopback port: llama.cpp's, and LiteLLM's proxy."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

# Where they would ask the web for something.
OFFLINE = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "DISABLE_ADMIN_UI": "True"}
SCRIPTS = Path(__file__).parents[1] / "scripts"
PAUSE, LONGEST_START = 0.1, 600.0  # seconds; a busy machine starts the gateway slowly


def program(script: str) -> Path:
    """What a script in scripts/ has built; where it has not, the module's tests are skipped, or may not be."""
    found = subprocess.run([SCRIPTS / script, "--found"], capture_output=True, text=True, check=False)
    if found.returncode:
        reason = f"scripts/{script} has not been run here"
        if os.environ.get("REAL_SERVERS_REQUIRED"):
            pytest.fail(f"{reason}, and these tests may not be skipped.", pytrace=False)
        pytest.skip(reason, allow_module_level=True)
    return Path(found.stdout.strip())


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass(frozen=True)
class Running:
    """A server that answers; `log` is what it has printed."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def url(self, path: str = "/v1") -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def running(command: Sequence[str | Path], alive: str, log: Path) -> Iterator[Running]:
    """Runs a command, to which its port is added, until it answers at the path `alive`, and ends it at the end."""
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--port", str(port)], stdout=output, stderr=output, cwd=log.parent, env={**os.environ, **OFFLINE}
        )
    server = Running(port, process, log)
    try:
        _wait(server, alive)
        yield server
    finally:
        process.kill()
        process.wait()


def _wait(server: Running, alive: str) -> None:
    deadline = time.monotonic() + LONGEST_START
    with httpx.Client(base_url=server.url(""), trust_env=False) as client:
        while time.monotonic() < deadline:
            try:
                client.get(alive).raise_for_status()
                return
            except httpx.HTTPError:
                assert server.process.poll() is None, server.log.read_text("utf-8", "replace")
                time.sleep(PAUSE)
    raise TimeoutError(server.log.read_text("utf-8", "replace"))
