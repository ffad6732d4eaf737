"""How many requests a user may make: https://docs.databricks.com/aws/en/resources/limits#api-rate-limits."""

from lakeflow.workspace.exchange import RefusedError

_SECOND = 1000


class Throttle:
    """Counts the requests of each user in each second; those beyond the most are refused until the next one."""

    def __init__(self, most_per_second: int | None) -> None:
        self._most = most_per_second
        self._second = -1
        self._counts: dict[str, int] = {}

    def count(self, who: str, at: int) -> None:
        """Count a request, or refuse it: the client is told to come again after a second."""
        if self._most is None:
            return
        second = at // _SECOND
        if second != self._second:
            self._second = second
            self._counts.clear()
        self._counts[who] = self._counts.get(who, 0) + 1
        if self._counts[who] > self._most:
            raise RefusedError(
                429,
                "REQUEST_LIMIT_EXCEEDED",
                f"Your request was rejected since your organization has exceeded the rate limit: {self._most} requests"
                " per second.",
                {"Retry-After": "1"},
            )
