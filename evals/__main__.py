"""`python -m evals …` is `footnote eval …`."""

import sys


def main() -> int:
    """Run what the arguments say; a known error is one line and exit code 1."""
    # Nothing is imported outside: the bench's own processes import this file first, and their memory is measured.
    from evals.cli import evaluate
    from index.errors import FootnoteError

    try:
        evaluate(prog_name="python -m evals")
    except (FootnoteError, OSError) as error:
        print(f"evals: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
