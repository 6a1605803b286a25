"""`python -m evals [CASES]` is `footnote eval` for those who have no command installed."""

import sys
from pathlib import Path

from evals.cases import SEED_CASES
from evals.run import evaluate
from rag.config import load_settings

if __name__ == "__main__":
    chosen = Path(sys.argv[1]) if len(sys.argv) > 1 else SEED_CASES
    sys.exit(evaluate(chosen, Path(__file__).parents[1] / "seeds", load_settings()))
