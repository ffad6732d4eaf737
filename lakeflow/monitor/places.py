"""Where a setting of a job is said, in Python or in an environment file, and what to write there.

From the line that the map names, the job's call is read and its arguments are followed: through names of the same
function, through a helper of `stacks/` such as `stack.cluster()`, and through `environment.…` to the key of the
environment file, which has to hold the value that is deployed. Where that is not certain it is the job's own line.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from lakeflow.monitor.advice import Advice, Place
from lakeflow.monitor.code import Code, keyword, spread
from lakeflow.monitor.environment_files import EnvironmentFiles
from lakeflow.monitor.finder import Finder
from lakeflow.monitor.origins import Origins, Spot
from lakeflow.stack_map import JobEntry, StackMap


def located(advices: Iterable[Advice], stack: StackMap, root: Path = Path()) -> tuple[Advice, ...]:
    """Return advices with the place that each is about, and the edit of an environment file where that makes it."""
    sources = _Sources(stack, EnvironmentFiles.read(stack.environment, root), root)
    found = []
    for advice in advices:
        spot = sources.spot(advice, stack.jobs[advice.job])
        found.append(replace(advice, place=spot.place, edit=spot.edit) if spot else advice)
    return tuple(found)


class _Sources:
    """The sources of a stack, each read once."""

    def __init__(self, stack: StackMap, files: EnvironmentFiles | None, root: Path) -> None:
        self._stack = stack.stack
        self._makers = Counter(entry.source for entry in stack.jobs.values())
        self._files = files
        self._root = root
        self._read: dict[str, Code | None] = {}

    def spot(self, advice: Advice, entry: JobEntry) -> Spot | None:
        """Return where an advice's setting is said; None where it is not known where the job is made."""
        file, _, line = (entry.source or "").rpartition(":")
        if not file or not line.isdigit():
            return None
        code = self._code(file)
        job = code.call("LakeflowJob", int(line)) if code else None
        found = None
        if code and job and not spread(job) and not keyword(job, "extra"):
            found = Finder(Origins(code.scope(job), self._stack, self._files), job, advice, entry).find()
        if found and self._makers[entry.source] > 1:  # a loop, or a function that is called several times
            found = Spot(replace(found.place, shared=True))
        return found or Spot(Place(file=file, line=int(line), what=f"the job {entry.key}"))

    def _code(self, file: str) -> Code | None:
        if file not in self._read:
            self._read[file] = Code.read(file, self._root)
        return self._read[file]
