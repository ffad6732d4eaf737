"""Findings that a job accepts, and acceptances that match nothing."""

from collections.abc import Iterable, Iterator, Mapping

from constructs_lib.rules.finding import Finding, Severity

UNMATCHED = "LF002"
"""The code of an acceptance that matches nothing."""


def unmatched(accept: Mapping[str, str], found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield a warning for each code that a job accepts and that nothing of it has."""
    codes = {finding.code for finding in found}
    for code in accept:
        if code not in codes:
            yield Finding(
                UNMATCHED,
                Severity.WARNING,
                (),
                f"accept={{{code!r}: …}} matches nothing: the job has no such finding",
                f"take {code!r} out of accept",
            )
