"""How long to wait before the next try: longer each time, and never all agents at once."""

import random

SHORTEST, LONGEST = 1.0, 60.0


class Patience:
    """Doubles from a second to a minute; half of each wait is chance."""

    def __init__(self) -> None:
        self._seconds = SHORTEST

    def reset(self) -> None:
        self._seconds = SHORTEST

    def next(self) -> float:
        """Return how many seconds to wait now."""
        seconds, self._seconds = self._seconds, min(2 * self._seconds, LONGEST)
        return seconds * random.uniform(0.5, 1.0)  # noqa: S311 - it keeps nothing secret
