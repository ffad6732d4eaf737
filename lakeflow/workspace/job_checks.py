"""What the Jobs API refuses in settings, told by the project's own rules: https://docs.databricks.com/api/workspace/jobs/create.

Only what the service itself refuses at create, reset and update is refused here. What fails when a job runs, or does
nothing without a word, passes as it does there: `lakeflow check` tells it. The words are the service's own where
somebody has recorded them, and the rule's otherwise.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from lakeflow.workspace.exchange import Json, invalid
from lakeflow.workspace.job_settings import every_task

if TYPE_CHECKING:
    from constructs_lib.rules import Finding, Path
    from constructs_lib.rules.engine import RuleSet

REFUSED = frozenset(
    {
        # graph: unknown, own, circular and double keys
        *("LF103", "LF104", "LF105", "LF107", "LF108", "LF109", "LF110", "LF111"),
        # conditions and outcomes
        *("LF151", "LF153", "LF154", "LF157"),
        # loops
        *("LF201", "LF205", "LF209", "LF211"),
        # task types and what each needs
        *("LF302", "LF303", "LF304", "LF305", "LF307", "LF308", "LF309", "LF310", "LF311", "LF312", "LF313"),
        *("LF314", "LF315", "LF316", "LF318", "LF319", "LF320", "LF322", "LF325", "LF328", "LF329", "LF331", "LF332"),
        *("LF333", "LF334", "LF335"),
        # what a task runs on
        *("LF351", "LF354", "LF355", "LF356", "LF357", "LF358", "LF360", "LF362", "LF363", "LF367", "LF368", "LF369"),
        *("LF370", "LF381", "LF382", "LF388", "LF389"),
        # names in value references
        *("LF404", "LF405"),
        # what starts a job, and how often it is tried
        *("LF501", "LF502", "LF503", "LF504", "LF506", "LF507", "LF514", "LF516", "LF518", "LF521", "LF522", "LF523"),
        *("LF524", "LF525", "LF526", "LF527", "LF530", "LF533", "LF540", "LF550", "LF551", "LF555", "LF557"),
        # clusters
        *("LF601", "LF602", "LF605", "LF606", "LF607", "LF613", "LF615", "LF616", "LF618", "LF619", "LF620", "LF622"),
        *("LF623", "LF624", "LF636", "LF641", "LF645", "LF646", "LF648", "LF650", "LF651", "LF652"),
        # where code comes from
        *("LF701", "LF702", "LF703", "LF704", "LF705", "LF706", "LF708", "LF721", "LF722", "LF724", "LF726", "LF732"),
        # identities, notifications, health
        *("LF801", "LF802", "LF831", "LF833", "LF855", "LF856"),
        # tags, names, parameters
        *("LF901", "LF902", "LF903", "LF904", "LF905", "LF906", "LF911", "LF914", "LF921", "LF922", "LF931", "LF933"),
    }
)
"""The codes of the rules that the service holds a job against before it keeps it."""

_Words = Callable[[Mapping[str, Any]], str]
"""The settings, or the task or cluster that is refused → what is said."""

_TASK_WORDS: Mapping[str, _Words] = {
    "LF107": lambda task: f"Duplicate task key '{task.get('task_key')}'.",
    "LF110": lambda task: (
        f"Invalid dependency graph, task '{task.get('task_key')}' can not reference itself in field 'depends_on'"
    ),
    "LF354": lambda task: f"Job cluster '{task.get('job_cluster_key')}' is not defined in field 'job_clusters'.",
    "LF355": lambda task: (
        f"Job environment '{task.get('environment_key')}' used by task {task.get('task_key')} is not defined in field"
        " 'environments'."
    ),
    "LF356": lambda task: f"An environment is required for serverless task {task.get('task_key')}.",
    "LF702": lambda _: "source is set to GIT but no git_source settings are provided",
    "LF704": lambda _: "Only relative paths are supported for remote repositories.",
}
_JOB_WORDS: Mapping[str, _Words] = {
    "LF103": lambda job: f"A job can have at most 1000 tasks, and this one has {len(job['task'])}.",
    "LF601": lambda _: "Cluster validation error: Missing required field: settings.cluster_spec.new_cluster.size",
    "LF602": lambda _: "Cluster validation error: NumWorkers could be 0 only for SingleNode clusters.",
    "LF726": lambda _: (
        "git_source.git_provider must be one of: github,gitlab,bitbucketcloud,gitlabenterpriseedition,bitbucketserver,"
        "azuredevopsservices,githubenterprise,awscodecommit"
    ),
    "LF911": lambda _: "The name of a job can have at most 4096 bytes.",
}


def check(settings: Json) -> None:
    """Refuse settings that the service refuses; what else is wrong with a job is not its business."""
    from constructs_lib.forms.names import normalised
    from constructs_lib.rules import Form
    from constructs_lib.rules.job import TASK_TYPES

    body = normalised(settings, Form.REST)
    found = _rules().findings(body)
    if found:
        raise invalid(_words(found[0], body))
    for task in every_task(settings):
        if task.keys().isdisjoint(TASK_TYPES):  # what nobody knows is no type, however it is spelled
            raise invalid(f"Task '{task.get('task_key')}' has no type: exactly one of its *_task fields must be set.")


@cache
def _rules() -> "RuleSet":
    from constructs_lib.rules import RULES, Form
    from constructs_lib.rules.engine import RuleSet

    return RuleSet.of([rule for rule in RULES if rule.code in REFUSED], Form.REST)


def _words(finding: "Finding", body: Mapping[str, Any]) -> str:
    if finding.code in _JOB_WORDS:
        return _JOB_WORDS[finding.code](body)
    task = _task_at(finding.path, body)
    if finding.code == "LF108":
        return f"Task '{task.get('task_key')}' depends on unknown task '{_value_at(finding.path, body)}'."
    if finding.code in _TASK_WORDS:
        return _TASK_WORDS[finding.code](task)
    return f"{finding.message}; {finding.hint}" if finding.hint else finding.message


def _task_at(path: "Path", body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the innermost task that a path leads to or into; an empty one where it leads to none."""
    found: Mapping[str, Any] = {}
    value: Any = body
    for step in path:
        value = value[step]
        if isinstance(value, dict) and ("task_key" in value and step != "depends_on") and "depends_on" not in path[:2]:
            found = value if not _is_edge(value) else found
    return found


def _is_edge(value: Mapping[str, Any]) -> bool:
    return value.keys() <= {"task_key", "outcome"}


def _value_at(path: "Path", body: Mapping[str, Any]) -> Any:
    value: Any = body
    for step in path:
        value = value[step]
    return value.get("task_key") if isinstance(value, dict) else value
