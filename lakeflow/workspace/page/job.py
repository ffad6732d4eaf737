"""The page of a job: what it is, its graph, and its runs."""

from collections.abc import Iterator, Mapping
from typing import Any

from lakeflow.graph.model import TaskGraph
from lakeflow.graph.svg import svg
from lakeflow.history.wording import percent
from lakeflow.html.markup import Child, Html, joined, tag
from lakeflow.html.parts import Figure, figures
from lakeflow.run.answers import block_of, entries_of, number_of, text_of
from lakeflow.words import block, compute_words, counted
from lakeflow.workspace.page import links
from lakeflow.workspace.page.looks import look
from lakeflow.workspace.page.matrix import SIZE, matrix
from lakeflow.workspace.page.reading import Job, Workspace
from lakeflow.workspace.page.runs import RunFacts
from lakeflow.workspace.page.shell import Column, facts, header, page, section, table
from lakeflow.workspace.page.words import (
    NOTHING,
    ago,
    is_paused,
    lasting,
    middle,
    moment,
    name,
    next_start,
    principal,
    starts,
    text,
)

MOST_DRAWN = 120
"""Larger graphs are told in the matrix."""
_RENEWED = 15


def job(workspace: Workspace, found: Job, query: Mapping[str, str]) -> str:
    """Return the page."""
    runs = workspace.runs_of(found.job_id)
    shown, older, newer = _window(runs, query.get("before"))
    active = any(not run.state.ended for run in runs[:SIZE])
    title = text(found.name, 120).strip() or "(no name)"
    body: list[Child] = [
        _header(found, runs, workspace.now),
        Html("".join(figures(_figures(runs, workspace.now))) if runs else None),
        _runs(workspace, found, shown, older, newer),
        _graph(found),
        _parameters(found),
        _settings(found),
        _access(workspace, found),
    ]
    return page(
        title,
        body,
        now=workspace.now,
        crumbs=[("Workspace", links.HOME), (text(found.name, 60).strip() or "(no name)", None)],
        refresh=_RENEWED if active and not query.get("before") and query.get("refresh") != "no" else None,
        graphs=True,
    )


def _window(runs: list[RunFacts], before: str | None) -> tuple[list[RunFacts], RunFacts | None, bool]:
    """Return the runs that are shown, the oldest first; before which run the older ones are; whether newer ones are."""
    places = {str(run.run_id): place for place, run in enumerate(runs)}
    first = places[before] + 1 if before in places else 0
    shown = runs[first : first + SIZE]
    older = shown[-1] if len(runs) > first + SIZE else None
    return shown[::-1], older, first > 0


def _starts(found: Job, now: int) -> Iterator[Child]:
    yield tag("span", starts(found.settings), class_="starts")
    if is_paused(found.settings):
        yield tag("span", "paused", class_="state none")
    elif following := next_start(found.settings, now):
        yield f"next {following}"


def _header(found: Job, runs: list[RunFacts], now: int) -> Html:
    return header(
        name(found.name, 120),
        text(found.settings.get("description")),
        joined(_starts(found, now), " · "),
        look=look(runs[0].state).colour if runs else "",
    )


def _figures(runs: list[RunFacts], now: int) -> Iterator[Figure]:
    last, ended = runs[0], [run for run in runs if run.state.ended and not run.state.never_ran]
    good = [run for run in ended if run.state.succeeded]
    yield "last run", look(last.state).word, ago(last.end or last.start, now)
    yield "succeeded", percent(len(good) / len(ended)) if ended else NOTHING, f"of {counted(len(ended), 'run')}"
    took = [each for run in good if (each := run.took(now)) is not None]
    yield "median", lasting(middle(took)), f"longest {lasting(max(took))}" if took else ""


def _runs(workspace: Workspace, found: Job, shown: list[RunFacts], older: RunFacts | None, newer: bool) -> Html:
    if not shown:
        return section("Runs", tag("p", "It has not run yet.", class_="faint"))
    path = links.job(found.job_id)
    turning = tag(
        "nav",
        tag("a", "← older runs", href=links.asked(path, before=older.run_id)) if older else tag("span", "← older runs"),
        tag("a", "newest runs →", href=path) if newer else tag("span", "newest runs →"),
        class_="turning",
        aria_label="Older and newer runs",
    )
    return section(
        "Runs",
        matrix(found, shown, workspace.now),
        turning if older or newer else None,
        aside=f"{counted(len(shown), 'run')}, tasks in the order in which they can run",
    )


def _graph(found: Job) -> Html | None:
    if not found.tasks:
        return None
    if len(found.tasks) > MOST_DRAWN:
        return section(
            "Tasks", tag("p", f"{counted(len(found.tasks), 'task')}: more than a drawing shows.", class_="faint")
        )
    graph = TaskGraph.of({**found.settings, "name": text(found.name, 120)})
    drawn = Html(svg(graph, heading=False, identity="job", styled=False))
    return section(
        "Tasks",
        tag("div", drawn, class_="graph", tabindex="0", role="region", aria_label="Graph of the tasks"),
        aside=graph.counted,
    )


def _parameters(found: Job) -> Html | None:
    entries = entries_of(found.settings, "parameters")
    if not entries:
        return None
    rows: list[list[Child]] = [
        [tag("code", text(entry.get("name"))), tag("code", text(said)) if (said := entry.get("default")) else NOTHING]
        for entry in entries
    ]
    return section(
        "Parameters", table("Parameters of the job", [Column("name"), Column("default")], rows, look="pairs")
    )


def _settings(found: Job) -> Html:
    settings, row = found.settings, found.row
    return section(
        "Settings",
        facts(
            [
                ("job id", tag("code", str(found.job_id))),
                ("created", joined([moment(number_of(row, "created_time")), _by(row)])),
                ("runs as", tag("bdi", principal(row.get("run_as"))) if principal(row.get("run_as")) else None),
                ("runs on", _compute(settings)),
                ("at once", _at_once(settings)),
                (
                    "timeout",
                    lasting(number_of(settings, "timeout_seconds") * 1000)
                    if number_of(settings, "timeout_seconds")
                    else "none",
                ),
                ("health", _health(settings)),
                ("code from", _git(settings)),
                ("tells", _tells(settings)),
                ("tags", _tags(settings)),
            ]
        ),
    )


def _by(row: Mapping[str, Any]) -> Child:
    who = text(row.get("creator_user_name"), 120)
    return joined([" by ", tag("bdi", who)]) if who else None


def _compute(settings: Mapping[str, Any]) -> str:
    terraform = {
        "task": entries_of(settings, "tasks"),
        "job_cluster": entries_of(settings, "job_clusters"),
    }
    try:
        return text(compute_words(terraform))
    except (KeyError, TypeError, ValueError, AttributeError):
        return ""


def _at_once(settings: Mapping[str, Any]) -> str:
    most = number_of(settings, "max_concurrent_runs") or 1
    queue = block_of(settings, "queue").get("enabled") is True
    return f"{counted(most, 'run')}, {'others wait in a queue' if queue else 'others are skipped'}"


def _health(settings: Mapping[str, Any]) -> str:
    rules = entries_of(block(settings.get("health")), "rules")
    return ", ".join(text(f"{rule.get('metric')} > {rule.get('value')}", 80) for rule in rules)


def _git(settings: Mapping[str, Any]) -> Child:
    git = block_of(settings, "git_source")
    ref = next((text(git[key], 80) for key in ("git_branch", "git_tag", "git_commit") if text_of(git, key)), "")
    return tag("code", " @ ".join(filter(None, [text(git.get("git_url"), 160), ref]))) if git else None


def _tells(settings: Mapping[str, Any]) -> str:
    said = []
    for kind in ("email_notifications", "webhook_notifications"):
        for event, whom in block_of(settings, kind).items():
            if isinstance(whom, list) and whom:
                names = [text(each.get("id") if isinstance(each, Mapping) else each, 80) for each in whom[:5]]
                said.append(f"{', '.join(names)} {text(event, 60).replace('_', ' ')}")
    return "; ".join(said)


def _tags(settings: Mapping[str, Any]) -> Html | None:
    tags = block_of(settings, "tags")
    found = [tag("code", text(f"{key}: {value}" if value else key, 120)) for key, value in list(tags.items())[:30]]
    return joined(found, " ") if found else None


def _access(workspace: Workspace, found: Job) -> Html | None:
    kept = workspace.table("permissions").get(f"jobs/{found.job_id}")
    entries = [each for each in kept if isinstance(each, Mapping)] if isinstance(kept, list) else []
    creator = text(found.row.get("creator_user_name"), 120)
    if not entries and not creator:
        return None
    rows = list(_grants(entries)) or [[tag("bdi", creator), "is owner"]]
    return section("Permissions", table("Who may do what", [Column("who"), Column("may")], rows, look="pairs"))


def _grants(entries: list[Mapping[str, Any]]) -> Iterator[list[Child]]:
    for entry in entries:
        yield [
            tag("bdi", principal(entry)),
            text(entry.get("permission_level"), 40).lower().replace("_", " ").removeprefix("can "),
        ]
