"""What is left to chance, by a seed: the same numbers on every machine, for only whole numbers and sums are used.

Every run has its own stream of numbers, named by what it is, so that a job that is added to a scenario, or a longer
history, changes nothing of what is there.
"""

import hashlib
from datetime import timedelta
from random import Random


def number_of(*names: object, digits: int = 15) -> int:
    """Return a number of so many digits that belongs to these names."""
    lowest: int = 10 ** (digits - 1)
    return lowest + int.from_bytes(_digest(*names)[:8], "big") % (9 * lowest)


def hex_of(*names: object, length: int = 8) -> str:
    """Return hexadecimal digits that belong to these names."""
    return _digest(*names).hex()[:length]


class Chance:
    """A stream of numbers with a name."""

    def __init__(self, *names: object) -> None:
        self._random = Random(int.from_bytes(_digest(*names), "big"))  # noqa: S311  # nothing is kept secret with it

    def happens(self, rate: float) -> bool:
        """Return whether something happens that happens at this rate."""
        return self._random.random() < rate

    def around(self, median: float, spread: float) -> float:
        """Return a value around a median: as often above as below, further above than below."""
        drawn = self._random.random() + self._random.random() + self._random.random() - 1.5
        factor = 1 + spread * drawn if drawn >= 0 else 1 / (1 - spread * drawn)
        return median * factor

    def lasting(self, median: timedelta, spread: float) -> timedelta:
        """Return a duration around a median, whole seconds."""
        return timedelta(seconds=round(self.around(median.total_seconds(), spread)))


def _digest(*names: object) -> bytes:
    return hashlib.sha256("/".join(map(str, names)).encode()).digest()
