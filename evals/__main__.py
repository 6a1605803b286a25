"""`python -m evals [CASES]` scores cases as `footnote eval` does; `python -m evals bench` measures speed and size."""

import sys
from pathlib import Path


def main() -> int:
    """Run what the arguments say; a known error is one line and exit code 1."""
    # Nothing is imported outside: the bench's own processes import this file first, and their memory is measured.
    from index.errors import FootnoteError

    try:
        if sys.argv[1:2] == ["bench"]:
            from evals import bench

            return bench.main(sys.argv[2:])
        from evals.cases import SEED_CASES, SEEDS
        from evals.run import evaluate
        from rag.config import load_settings

        return evaluate(Path(sys.argv[1]) if len(sys.argv) > 1 else SEED_CASES, SEEDS, load_settings())
    except KeyboardInterrupt:
        return 130
    except (FootnoteError, OSError) as error:
        print(f"evals: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
