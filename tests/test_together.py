"""Several people in the chat window at once: nobody waits for ever, and nobody sees what another one asked."""

import json
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).parents[1] / "scripts" / "bench_chat.py"


def test_eight_people_at_once_get_each_their_own_answer() -> None:
    run = subprocess.run(
        [sys.executable, BENCH, "--people", "8", "--turns", "2"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    result = json.loads(run.stdout)
    assert (result["people"], result["turns"], result["problems"]) == (8, 2, 0)
    assert 0 < result["first_p50_s"] <= result["done_p50_s"]
