"""Scenarios from files: YAML or JSON, and what a stack's map or a job's settings say of the jobs."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from constructs_lib.errors import LakeflowError, listed, nearest
from lakeflow.scenario.checking import check
from lakeflow.scenario.decoding import decoded
from lakeflow.scenario.model import Scenario
from lakeflow.scenario.settings import with_settings
from lakeflow.stack_map import StackMap

_SAMPLES = "samples"


def read(path: Path) -> Scenario:
    """Return the scenario of a file; raise LakeflowError for what is wrong with it."""
    return of_text(_text_of(path), place=str(path))


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise LakeflowError(f"cannot be read: {error.strerror}", place=str(path)) from None
    except UnicodeDecodeError:
        raise LakeflowError("is no text in UTF-8", place=str(path)) from None


def sample(name: str) -> Scenario:
    """Return a scenario that comes with the command, such as `ninety-days`."""
    names = sorted(each.name.removesuffix(".yaml") for each in files(__package__).joinpath(_SAMPLES).iterdir())
    if name not in names:
        hint = nearest(name, names)
        raise LakeflowError(
            f"there is no sample {name!r}", fix=f"did you mean {hint!r}?" if hint else f"there are {listed(names)}"
        )
    text = files(__package__).joinpath(_SAMPLES, f"{name}.yaml").read_text(encoding="utf-8")
    return of_text(text, place=f"{name}.yaml")


def document_of(name: str) -> dict[str, Any]:
    """Return the scenario of a file, or the sample of a name, as plain data that is JSON too."""
    known = {each.name.removesuffix(".yaml") for each in files(__package__).joinpath(_SAMPLES).iterdir()}
    path = Path(name)
    if name in known and not path.exists():
        text = files(__package__).joinpath(_SAMPLES, f"{name}.yaml").read_text(encoding="utf-8")
    else:
        text = _text_of(path)
    document = _document(text, name)
    of_document(document, place=name)
    plain: dict[str, Any] = json.loads(json.dumps(document, default=_said))
    return plain


def _said(value: Any) -> str:
    """Return an instant or a date as JSON has it."""
    return str(value.isoformat() if isinstance(value, date) else value)


def of_text(text: str, *, place: str) -> Scenario:
    """Return the scenario of a text of YAML, which JSON is too."""
    return of_document(_document(text, place), place=place)


def _document(text: str, place: str) -> Any:
    from lakeflow.documents.yaml_text import YamlText

    documents = YamlText(place, text).values
    return documents[0] if documents else None


def of_document(document: Any, *, place: str = "scenario") -> Scenario:
    """Return the scenario of plain data. A job may say `settings`: its tasks and trigger are then those of the job."""
    if not isinstance(document, Mapping):
        raise LakeflowError("is no scenario: it has to be keys and values", place=place)
    jobs = document.get("jobs")
    settings = {
        key: job["settings"]
        for key, job in (jobs.items() if isinstance(jobs, Mapping) else ())
        if isinstance(job, Mapping) and isinstance(job.get("settings"), Mapping)
    }
    given = dict(document)
    if settings and isinstance(jobs, Mapping):
        given["jobs"] = {
            key: {name: value for name, value in job.items() if name != "settings"} if key in settings else job
            for key, job in jobs.items()
        }
    scenario = _named(decoded(Scenario, given, place), settings, place)
    check(scenario, place)
    return scenario


def _named(scenario: Scenario, settings: Mapping[str, Mapping[str, Any]], place: str) -> Scenario:
    jobs = dict(scenario.jobs)
    for key, said in settings.items():
        try:
            jobs[key] = with_settings(jobs[key], said)
        except (KeyError, TypeError, AttributeError, ValueError):
            raise LakeflowError("these are no settings of a job", place=f"{place}.jobs.{key}.settings") from None
    return replace(scenario, jobs=jobs)


def deployed_as(scenario: Scenario, stack: StackMap) -> Scenario:
    """Return a scenario whose jobs are those of a stack, where the stack has a job of that key."""
    owned = {key: stack.jobs[key].resolved for key in scenario.jobs if key in stack.jobs}
    made = _named(scenario, owned, stack.stack)
    check(made, stack.stack)
    return made
