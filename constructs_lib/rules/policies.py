"""House rules: what one environment demands of its jobs beyond the API, and how severe each rule is there."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from constructs_lib.errors import LakeflowError, listed, nearest
from constructs_lib.rules.finding import Finding, Hit, Severity
from constructs_lib.rules.given import each
from constructs_lib.rules.job import Job, mapping, number, said, text

Grants = Sequence[Mapping[str, Any]]
"""The `access_control` blocks of the job's permissions."""

OFF = "off"


def grants_of(address: str, document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return who may do what with the job at an address of a Terraform document."""
    return [
        grant
        for _, types in each(document.get("resource"))
        for _, named in each(types.get("databricks_permissions"))
        for permissions in named.values()
        for _, body in each(permissions)
        if body.get("job_id") == f"${{{address}.id}}"
        for _, grant in each(body.get("access_control"))
    ]


@dataclass(frozen=True)
class HouseRule:
    """One house rule: the key by which an environment asks for it, and what it looks at."""

    key: str
    code: str
    title: str
    check: Callable[[Job, Any, Grants | None], Iterable[Hit]]


@dataclass(frozen=True, kw_only=True)
class Policies:
    """What an environment demands; nothing, unless it says so."""

    rules: Mapping[str, str] = field(default_factory=dict)
    """Code of a rule, or the beginning of one → `error`, `warning`, `info` or `off`."""
    run_as_service_principal: bool = False
    """Jobs run as a service principal, not as a person or as who deploys."""
    failure_notification: bool = False
    """Somebody is told when a run fails."""
    required_tags: tuple[str, ...] = ()
    """Tags that every job has, with a value."""
    timeouts: bool = False
    """Every job that is not continuous has a timeout."""
    no_all_purpose_clusters: bool = False
    """No task runs on an existing cluster."""
    node_types: tuple[str, ...] = ()
    """The machines that clusters may have; any where nothing is said."""
    max_workers: int | None = None
    """The most workers of a cluster."""
    schedules_paused: bool = False
    """Nothing starts by itself."""
    git_tag: bool = False
    """Code from Git is pinned to a tag or a commit, not to a branch that moves."""
    owner_group: str | None = None
    """A group that may manage every job."""

    @classmethod
    def of(cls, said_: Mapping[str, Any]) -> "Policies":
        """Return the policies that plain data says, such as an environment's."""
        known = {each.name for each in fields(cls)}
        for key in said_:
            if key not in known:
                hint = nearest(key, known)
                raise LakeflowError(
                    f"there is no policy {key!r}",
                    fix=f"did you mean {hint!r}?" if hint else f"there is {listed(known)}",
                )
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in said_.items()
        }
        return cls(**values)

    def findings(self, body: Mapping[str, Any], grants: Grants | None = None) -> Iterator[Finding]:
        """Yield what a job does that the house does not want; errors, unless `rules` says otherwise.

        `grants` is None where nobody knows who may do what with the job.
        """
        job = Job(body)
        for rule in HOUSE_RULES:
            wanted = getattr(self, rule.key)
            if wanted:
                for hit in rule.check(job, wanted, grants):
                    yield Finding(rule.code, Severity.ERROR, hit.path, hit.message, hit.hint)

    def judged(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield the findings as severe as this environment says, without those that it turns off."""
        for finding in findings:
            severity = self.severity(finding.code, finding.severity)
            if severity is not None:
                yield finding if severity is finding.severity else replace(finding, severity=severity)

    def severity(self, code: str, default: Severity) -> Severity | None:
        """Return how severe a code is here, None where it is turned off."""
        codes = [each for each in self.rules if code.startswith(each)]
        if not codes:
            return default
        said_ = self.rules[max(codes, key=len)]
        return None if said_ == OFF else Severity(said_)


def _run_as(job: Job, _wanted: bool, _grants: Grants | None) -> Iterator[Hit]:
    if not said(job.block("run_as").get("service_principal_name")):
        yield Hit(
            ("run_as",) if said(job.body.get("run_as")) else (),
            "the job does not run as a service principal",
            "write run_as=Principal.service_principal(…)",
        )


def _failure_notification(job: Job, _wanted: bool, _grants: Grants | None) -> Iterator[Hit]:
    told = any(said(job.block(name).get("on_failure")) for name in ("email_notifications", "webhook_notifications"))
    if not told:
        yield Hit((), "nobody is told when a run fails", "write notifications=Notifications(on_failure=[…])")


def _tags(job: Job, wanted: Sequence[str], _grants: Grants | None) -> Iterator[Hit]:
    tags = mapping(job.body.get("tags"))
    for tag in wanted:
        if not said(tags.get(tag)) or tags.get(tag) == "":
            yield Hit(("tags",) if tags else (), f"the tag {tag!r} is missing", f"add {tag!r} to the job's tags")


def _timeouts(job: Job, _wanted: bool, _grants: Grants | None) -> Iterator[Hit]:
    if "continuous" not in job.body and not number(job.body.get("timeout_seconds")):
        yield Hit((), "the job has no timeout", "write timeout=timedelta(hours=…)")


def _all_purpose(job: Job, _wanted: bool, _grants: Grants | None) -> Iterator[Hit]:
    for task in job.tasks:
        if said(task.body.get("existing_cluster_id")):
            yield task.hit(
                "existing_cluster_id",
                message="runs on an all-purpose cluster",
                hint="write Compute.job_cluster(…) or Compute.serverless()",
            )


def _node_types(job: Job, wanted: Sequence[str], _grants: Grants | None) -> Iterator[Hit]:
    for cluster in job.clusters:
        for name in ("node_type_id", "driver_node_type_id"):
            node = text(cluster.body.get(name))
            if node and node not in wanted:
                yield cluster.hit(name, message=f"{node!r} is not allowed here", hint=f"one of {listed(wanted)}")


def _most_workers(job: Job, wanted: int, _grants: Grants | None) -> Iterator[Hit]:
    for cluster in job.clusters:
        for path, value in (
            (("num_workers",), cluster.body.get("num_workers")),
            (("autoscale", "max_workers"), cluster.block("autoscale").get("max_workers")),
        ):
            workers = number(value)
            if workers is not None and workers > wanted:
                yield cluster.hit(*path, message=f"{workers:g} workers are too many", hint=f"{wanted} at most")


def _paused(job: Job, _wanted: bool, _grants: Grants | None) -> Iterator[Hit]:
    for name in ("schedule", "trigger", "continuous"):
        if job.body.get(name) is not None and job.block(name).get("pause_status") != "PAUSED":
            yield Hit((name,), "the job starts by itself", "write .paused_if(True), or pause_status PAUSED")


def _git_tag(job: Job, _wanted: bool, _grants: Grants | None) -> Iterator[Hit]:
    if said(job.block("git_source").get("branch")):
        branch = job.block("git_source")["branch"]
        yield Hit(("git_source", "branch"), f"the branch {branch!r} moves", "pin a tag or a commit")


def _owner_group(_job: Job, wanted: str, grants: Grants | None) -> Iterator[Hit]:
    if grants is not None and not any(
        grant.get("group_name") == wanted and grant.get("permission_level") == "CAN_MANAGE" for grant in grants
    ):
        yield Hit(
            (),
            f"the group {wanted!r} may not manage the job",
            f"grant it: Grant(Principal.group({wanted!r}), 'CAN_MANAGE')",
        )


HOUSE_RULES = (
    HouseRule("run_as_service_principal", "LP101", "Run-as is no service principal", _run_as),
    HouseRule("failure_notification", "LP102", "Nobody is told of failures", _failure_notification),
    HouseRule("required_tags", "LP103", "A required tag is missing", _tags),
    HouseRule("timeouts", "LP104", "No timeout", _timeouts),
    HouseRule("no_all_purpose_clusters", "LP105", "All-purpose cluster", _all_purpose),
    HouseRule("node_types", "LP106", "Machine that is not allowed", _node_types),
    HouseRule("max_workers", "LP107", "Too many workers", _most_workers),
    HouseRule("schedules_paused", "LP108", "Starts by itself", _paused),
    HouseRule("git_tag", "LP109", "Code from a moving branch", _git_tag),
    HouseRule("owner_group", "LP110", "Owner group may not manage", _owner_group),
)
"""The house rules, in the order of their codes."""
