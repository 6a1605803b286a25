"""Where the time of an answer goes."""

import time


class Clock:
    """Milliseconds of each stage, from the end of the one before it: together they are the whole."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self.stages: dict[str, float] = {}

    def mark(self, stage: str) -> None:
        """A stage ends now; what the same stage took before counts too."""
        now = time.perf_counter()
        self.stages[stage] = round(self.stages.get(stage, 0.0) + (now - self._last) * 1000, 1)
        self._last = now
