"""`python -m evals [CASES]` scores cases as `footnote eval` does; `python -m evals bench` times the command."""

import sys
from pathlib import Path

from evals import bench
from evals.cases import SEED_CASES, SEEDS
from evals.run import evaluate
from rag.config import load_settings

if __name__ == "__main__":
    chosen = sys.argv[1] if len(sys.argv) > 1 else str(SEED_CASES)
    sys.exit(bench.main() if chosen == "bench" else evaluate(Path(chosen), SEEDS, load_settings()))
