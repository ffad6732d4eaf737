"""The page of a run: how it ended and why, when each task ran, and why a task did not."""

from collections.abc import Iterator, Mapping

from lakeflow.html.markup import Child, Html, joined, tag
from lakeflow.html.parts import Figure, figures
from lakeflow.run.answers import block_of, entries_of, number_of
from lakeflow.words import counted
from lakeflow.workspace.page import links
from lakeflow.workspace.page.looks import badge, look
from lakeflow.workspace.page.pictures import picture
from lakeflow.workspace.page.reading import Job, Workspace
from lakeflow.workspace.page.runs import RunFacts
from lakeflow.workspace.page.shell import Column, Crumb, header, page, section, table
from lakeflow.workspace.page.tasks import tasks
from lakeflow.workspace.page.timeline import timelines
from lakeflow.workspace.page.words import (
    NOTHING,
    event,
    instant,
    lasting,
    moment,
    name,
    sentence,
    started,
    text,
    when,
)

_RENEWED = 5


def run(workspace: Workspace, found: RunFacts, query: Mapping[str, str]) -> str:
    """Return the page."""
    job = workspace.jobs.get(found.job_id)
    called = text(job.name if job else found.name, 60).strip() or "(no name)"
    crumbs: list[Crumb] = [("Workspace", links.HOME), (called, links.job(found.job_id) if job else None)]
    goes_on = not found.state.ended
    body: list[Child] = [
        _header(workspace, found, job),
        _times(workspace, found),
        *timelines(found, workspace.now),
        tasks(workspace, found),
        picture(found, job),
        _parameters(found),
        _notices(found),
    ]
    return page(
        f"{called}, {when(found.start)}",
        body,
        now=workspace.now,
        crumbs=[*crumbs, (f"run {found.run_id}", None)],
        refresh=_RENEWED if goes_on and query.get("refresh") != "no" else None,
        graphs=True,
    )


def _header(workspace: Workspace, found: RunFacts, job: Job | None) -> Html:
    caused = block_of(found.document, "trigger_info")
    by = workspace.run_of_task(number_of(caused, "run_id"))
    parent = joined([" of ", tag("a", name(by.name, 60), href=links.run(by.job_id, by.run_id))]) if by else None
    deleted = "its job is not there any more" if job is None and found.document.get("run_type") == "JOB_RUN" else None
    return header(
        joined([name(job.name if job else found.name, 120), " ", badge(found.state)]),
        tag("span", sentence(found.reason), class_="reason") if found.reason else None,
        joined([joined([f"run {found.run_id}, started {started(found.trigger)}", parent]), deleted], " · "),
        look=look(found.state).colour,
    )


def _times(workspace: Workspace, found: RunFacts) -> Html:
    return Html("".join(figures(_figures(found, workspace.now))))


def _figures(found: RunFacts, now: int) -> Iterator[Figure]:
    queueing = found.state.phase == "QUEUED"
    waited = now - found.start if queueing and found.start else found.queued
    yield "queued", lasting(waited) if waited else "not queued", ""
    yield ("asked for" if queueing else "started"), *_clock(found.start)
    yield "ended", *(_clock(found.end) if found.state.ended else ("not yet", ""))
    yield "duration", lasting(found.took(now)), "" if found.state.ended else "until now"
    ran = [attempts for attempts in found.tasks.values() if not attempts[-1].task.state.never_ran]
    yield "tasks", f"{len(found.tasks):,}", _kept_apart(found, len(ran))
    repairs = len(found.stretches) - 1
    if repairs:
        yield "repairs", str(repairs), ""


def _kept_apart(found: RunFacts, ran: int) -> str:
    failed = sum(attempts[-1].task.state.failed for attempts in found.tasks.values())
    said = [f"{len(found.tasks) - ran} did not run"] if ran < len(found.tasks) else []
    said += [f"{failed} failed"] if failed else []
    again = sum(len(attempts) - 1 for attempts in found.tasks.values())
    said += [counted(again, "more attempt")] if again else []
    return ", ".join(said)


def _clock(at: int) -> tuple[str, str]:
    found = instant(at)
    return (f"{found:%H:%M:%S}", f"{found:%a} {found.day} {found:%b %Y} UTC") if found else (NOTHING, "")


def _parameters(found: RunFacts) -> Html | None:
    entries = entries_of(found.document, "job_parameters")
    if not entries:
        return None
    rows: list[list[Child]] = []
    for entry in entries:
        default, value = entry.get("default"), entry.get("value")
        rows.append(
            [
                tag("code", text(entry.get("name"))),
                tag("code", text(value if value is not None else default)),
                _beside(value, default),
            ]
        )
    columns = [Column("name"), Column("value"), Column("")]
    return section("Parameters", table("Parameters of the run", columns, rows, look="pairs"))


def _beside(value: object, default: object) -> Child:
    if default is None:
        return "the job has no default"
    return "the default" if value is None or value == default else joined(["instead of ", tag("code", text(default))])


def _notices(found: RunFacts) -> Html | None:
    entries = entries_of(found.note, "notices")
    if not entries:
        return None
    rows: list[list[Child]] = [
        [
            moment(number_of(each, "at")),
            event(text(each.get("event"), 80)),
            tag("bdi", text(each.get("to"), 120)),
            tag("code", text(each.get("task_key"), 80)) if each.get("task_key") else "the run",
        ]
        for each in entries[:200]
    ]
    columns = [Column("when"), Column("of its"), Column("who"), Column("about")]
    more = f"and {len(entries) - 200:,} more" if len(entries) > 200 else None
    return section(
        "Who is told",
        table("Notifications that would be sent", columns, rows),
        tag("p", more, class_="faint") if more else None,
        aside="a workspace on this machine sends nothing",
    )
