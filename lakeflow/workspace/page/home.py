"""The first page: the jobs of the workspace, what is running, and what else is there."""

from collections.abc import Iterator, Mapping

from lakeflow.html.markup import Child, Html, joined, tag
from lakeflow.html.parts import Figure, figures
from lakeflow.words import counted
from lakeflow.workspace.page import links
from lakeflow.workspace.page.looks import badge
from lakeflow.workspace.page.reading import Job, Workspace
from lakeflow.workspace.page.runs import RunFacts
from lakeflow.workspace.page.shell import Column, Paged, page, searching, section, table
from lakeflow.workspace.page.strips import strip
from lakeflow.workspace.page.things import KINDS, things
from lakeflow.workspace.page.words import (
    NOTHING,
    ago,
    is_paused,
    lasting,
    middle,
    name,
    next_start,
    started,
    starts,
    starts_itself,
    text,
    when,
)

SIZE = 50
"""Jobs on a page."""
_LAST = 14
_MOST_RUNNING = 20
_DAY = 24 * 3600 * 1000
_RENEWED = 15


def home(workspace: Workspace, query: Mapping[str, str]) -> str:
    """Return the page."""
    asked = query.get("q", "").strip()[:200]
    active = workspace.active
    renewed = _RENEWED if active and not asked and query.get("refresh") != "no" else None
    body: list[Child] = [
        tag("h1", "Workspace", class_="hidden"),
        Html("".join(figures(_figures(workspace, active), "large"))),
        _running(workspace, active) if active else None,
        _jobs(workspace, asked, query.get("page")),
        _others(workspace),
    ]
    return page("", body, now=workspace.now, refresh=renewed)


def _figures(workspace: Workspace, active: list[RunFacts]) -> Iterator[Figure]:
    since = workspace.now - _DAY
    recent = workspace.results_since(since)
    failed, partly = recent["FAILED"] + recent["TIMEDOUT"], recent["SUCCESS_WITH_FAILURES"]
    queued = sum(run.state.phase == "QUEUED" for run in active)
    live = sum(starts_itself(job.settings) for job in workspace.jobs.values())
    yield "jobs", f"{len(workspace.jobs):,}", f"{live:,} start by themselves"
    yield "running now", f"{len(active) - queued:,}", f"{queued:,} queued" if queued else "nothing queued"
    ended = [f"{count:,} {word}" for count, word in ((failed, "failed"), (partly, "with failures")) if count]
    yield "runs in 24 hours", f"{recent.total():,}", ", ".join(ended) or ("none failed" if recent else "")
    yield "runs kept", f"{workspace.count:,}", ""


def _running(workspace: Workspace, active: list[RunFacts]) -> Html:
    columns = [
        Column("job"),
        Column("state"),
        Column("doing"),
        Column("started"),
        Column("for", "n"),
    ]
    more = f"and {len(active) - _MOST_RUNNING} more" if len(active) > _MOST_RUNNING else None
    rows = [_active(workspace, run) for run in active[:_MOST_RUNNING]]
    return section("Running now", table("What is running now", columns, rows), tag("p", more) if more else None)


def _active(workspace: Workspace, run: RunFacts) -> list[Child]:
    busy = [key for key, attempts in run.tasks.items() if attempts[-1].task.state.phase in {"RUNNING", "PENDING"}]
    doing = ", ".join(text(key, 40) for key in busy[:3]) + (f" and {len(busy) - 3} more" if len(busy) > 3 else "")
    job = workspace.jobs.get(run.job_id)
    return [
        tag("a", name(job.name if job else run.name), href=links.run(run.job_id, run.run_id)),
        badge(run.state),
        doing or text(run.state.message),
        f"{when(run.start)}, {started(run.trigger)}" if run.start else NOTHING,
        lasting(workspace.now - run.start if run.start else None),
    ]


def _jobs(workspace: Workspace, asked: str, number: str | None) -> Html:
    wanted = asked.casefold()
    found = [job for job in workspace.jobs.values() if wanted in job.name.casefold()]
    found.sort(key=lambda job: (job.name.casefold(), job.job_id))
    paged = Paged.of(found, number, SIZE)
    form = searching(asked, "jobs", links.HOME) if asked or len(workspace.jobs) > 1 else None
    if not workspace.jobs:
        return section("Jobs", _empty())
    if not found:
        return section("Jobs", form, tag("p", "No job has such a name.", class_="faint"))
    columns = [
        Column("job"),
        Column("starts"),
        Column("last runs"),
        Column("last result"),
        Column("median", "n"),
    ]
    return section(
        "Jobs",
        form,
        table("Jobs with what starts them and how they ran", columns, [_row(workspace, job) for job in paged.shown]),
        paged.turning(links.HOME, "job", q=asked),
        aside=counted(len(found), "job") if asked else None,
    )


def _empty() -> Html:
    return tag(
        "p",
        "No job is deployed yet. ",
        tag("code", "cdktf deploy dev"),
        " deploys the stack of an environment to this workspace, ",
        tag("code", "lakeflow run JOB --env dev"),
        " runs one of its jobs.",
        class_="faint",
    )


def _row(workspace: Workspace, job: Job) -> list[Child]:
    runs = workspace.runs_of(job.job_id)
    took = [run.took(workspace.now) for run in runs if run.state.succeeded]
    tasks = counted(len(job.tasks), "task")
    return [
        joined([tag("a", name(job.name), href=links.job(job.job_id)), tag("small", tasks)]),
        _starting(job, workspace.now),
        strip(runs[:_LAST][::-1], workspace.now) or tag("span", "no runs yet", class_="faint"),
        joined([badge(runs[0].state), tag("small", ago(runs[0].end or runs[0].start, workspace.now))])
        if runs
        else None,
        lasting(middle([each for each in took if each is not None])) if runs else None,
    ]


def _starting(job: Job, now: int) -> Html:
    """Say what starts a job, and when next or that it is paused."""
    said = tag("span", starts(job.settings), class_="starts")
    if is_paused(job.settings):
        return joined([said, tag("small", tag("span", "paused", class_="state none"))])
    found = next_start(job.settings, now)
    return joined([said, tag("small", f"next {found}") if found else None])


def _others(workspace: Workspace) -> Html | None:
    counts = [(kind, len(things(workspace, kind))) for kind in KINDS]
    entries = [
        tag("li", tag("a", kind.title, href=links.things(kind.table)), tag("b", f"{count:,}"))
        for kind, count in counts
        if count
    ]
    return section("Also here", tag("ul", *entries, class_="others")) if entries else None
