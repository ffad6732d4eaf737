"""How exactly jobs come through: JSON lines of jobs, read and rendered, beside what each should become.

`python -m tests.support.corpus FILE …` prints how many are equal. A line has `job` in any form, and `terraform` with
the attributes that it should become; or `resource` with attributes that should stay what they are.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from constructs_lib import read_jobs
from constructs_lib.forms.difference import lost
from constructs_lib.forms.found import found_jobs
from constructs_lib.forms.names import normalised


def missing(line: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return what a line's job should become and does not: path, the value expected and that rendered."""
    [job] = read_jobs(line.get("job") or line["resource"])
    [expected] = found_jobs(line.get("terraform") or line["resource"], named=True, lenient=True)
    attributes = {name: value for name, value in normalised(expected.body, expected.form).items() if name != "format"}
    return [(".".join(map(str, path)), value, other) for path, value, other in lost(attributes, job.render())]


def figures(path: Path) -> Iterator[str]:
    """Yield what differs, and how many jobs are equal."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    equal = 0
    for number, line in enumerate(lines, start=1):
        differences = missing(line)
        equal += not differences
        yield from (f"{path.name}:{number}: {where}: {value} → {other}" for where, value, other in differences)
    yield f"{path.name}: {equal} of {len(lines)} jobs read and rendered equal"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        for said in figures(Path(name)):
            sys.stdout.write(f"{said}\n")
