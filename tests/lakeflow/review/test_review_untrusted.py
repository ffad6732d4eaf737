"""Names and descriptions are somebody else's text: in a report they are text, and nothing else."""

import re
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings, strategies as st
from markdown_it import MarkdownIt

from lakeflow.graph.letters import printable
from lakeflow.review.phrases import say
from lakeflow.review.reports import html, markdown, text
from lakeflow.review.reports.marking import code, html_code
from tests.lakeflow.review.support import Json, Run, change, job, plan, real, review_of, task, updated

GITHUB = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

HOSTILE = [
    "<script>alert(1)</script>",
    "`ticks` ``` fence",
    "a | b \\| c",
    "@octocat @org/team",
    "#123 GH-1 org/repo#5",
    "[x](https://evil.example) ![i](https://evil.example/i.png)",
    "https://evil.example www.evil.example",
    "it's https://evil.example/x and www.evil.example, me@evil.example",
    "**bold** _em_ ~~gone~~",
    "</details></summary># Heading",
    "<!-- lakeflow-review:v1 env=prod -->",
    '--> n9; click n0 "javascript:alert(1)"',
    "%%{init: {}}%% classDef x fill:#f00",
    "&lt;b&gt; &amp;",
    "line\nbreak\r\nand | tab\t",
    "\u202eright to left\u202c \u2066isolate\u2069",
    "\x1b[31mred\x1b[0m\x07",
    "'\"><img src=x onerror=alert(1)>",
    ":warning: ::error file=x::y",
    "$(rm -rf /) ${{ secrets.X }} {{7*7}}",
    " leading and trailing ",
    "",
]
hostile = st.sampled_from(HOSTILE) | st.text(max_size=60)


class _Text(HTMLParser):
    """The text of each code element, and every tag that stands in the document."""

    def __init__(self, document: str) -> None:
        super().__init__(convert_charrefs=True)
        self.codes: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.outside = ""
        self._depth = 0
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        if tag in {"code", "pre"}:
            self._depth += 1
            self.codes.append("")

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag in {"code", "pre"}

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.codes[-1] += data
        else:
            self.outside += data


def named(name: str) -> Json:
    """Return a plan in which a text stands wherever somebody can write one."""
    changed = job(
        task(name, description=name, notebook_task=[{"notebook_path": name, "base_parameters": {name: name}}]),
        name=name,
        description=name,
        tags={name: name},
        parameter=[{"name": name, "default": name}],
        run_as=[{"user_name": name}],
        git_source=[{"url": name, "branch": name}],
        schedule=[{"quartz_cron_expression": name, "timezone_id": name, "pause_status": name}],
    )
    return plan(
        change(job(), changed, address=f'databricks_job.x["{name}"]', previous_address=name),
        change(None, {"name": name}, f'databricks_schema.s["{name}"]'),
        resource_drift=[change(job(), changed)],
        output_changes={name: {"actions": ["create"], "before": None, "after": name}},
    )


@settings(deadline=None, max_examples=300)
@given(hostile)
def test_code_shows_exactly_the_text_in_a_paragraph_and_in_a_table(said: str) -> None:
    shown = printable(said)
    for form in (code, html_code):
        document = _Text(
            GITHUB.render(f"before {form(shown)} after\n\n| a | b |\n|---|---|\n| x {form(shown)} y | z |\n")
        )
        assert document.codes == [shown, shown]
        assert document.tags <= {"p", "code", "table", "thead", "tbody", "tr", "th", "td"}
        assert re.sub(r"\s+", " ", document.outside).split() == ["before", "after", "a", "b", "x", "y", "z"]


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(hostile)
def test_markdown_has_no_markup_but_ours(said: str) -> None:
    report = markdown.render(review_of(named(said)), 10**6)
    rendered = _Text(GITHUB.render(report))
    ours = {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "pre", "strong", "ul", "li"}
    assert rendered.tags <= ours | {"details", "summary", "sub", "br"}
    assert rendered.links == []
    assert report.count("<!-- lakeflow-review") == 1
    assert report.startswith("<!-- lakeflow-review:v1 env=prod -->\n")


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(hostile)
def test_a_page_has_no_markup_but_ours(said: str) -> None:
    empty, page = (_Text(html.render(review_of(named(name)))) for name in ("x", said))
    assert page.tags <= empty.tags | {"rect", "path", "circle", "tspan"}
    assert [link for link in page.links if not link.startswith("#job-")] == []


@pytest.mark.parametrize("said", HOSTILE)
def test_nothing_hides_or_controls(said: str) -> None:
    review = review_of(named(said))
    lines = ["".join(span.text for span in line) for line in text.lines(review)]
    for report in (markdown.render(review, 10**6), html.render(review), *lines):
        hidden = [letter for letter in report if unicodedata.category(letter) in {"Cc", "Cf", "Cs"}]
        assert set(hidden) <= {"\n", "\u200c"}, hidden


@pytest.mark.parametrize("said", HOSTILE)
def test_mermaid_has_the_lines_that_it_has_for_a_plain_name(said: str) -> None:
    def drawn(name: str) -> list[str]:
        report = markdown.render(review_of(named(name)), 10**6)
        inside = report.partition("```mermaid\n")[2].partition("\n```")[0]
        return [re.sub(r'"[^"]*"', '""', line) for line in inside.splitlines()]

    assert drawn(said) == drawn("plain name")


def test_a_sentence_keeps_its_words_and_its_values_apart() -> None:
    assert say("{} → {}", "<b>", ("our own ", *say("{}", "*x*"))) == (
        *say("{}", "<b>"),
        " → ",
        "our own ",
        *say("{}", "*x*"),
    )


def test_a_log_takes_no_name_for_a_command(run: Run) -> None:
    name = "::stop-commands::x ##[error] ##vso[task.setvariable variable=x]y"
    out = run(updated(job(name=name), job(name=name, timeout_seconds=60))).out
    assert "::" not in out
    assert "##[" not in out
    assert "##vso[" not in out


def test_a_real_plan_with_hostile_names(run: Run) -> None:
    ended = run(real("hostile"), "--format", "markdown")
    rendered = _Text(GITHUB.render(ended.out))
    assert rendered.links == []
    assert "script" not in rendered.tags
    assert "<b>bold</b><script>alert(1)</script>| pipe | table@octocat @org/team" in rendered.codes


@pytest.mark.parametrize(
    "words", [["--link", "javascript:alert(1)"], ["--link", "https://x.example/) [y](z"], ["--commit", "x"]]
)
def test_what_the_caller_gives_is_checked_too(run: Run, words: list[str]) -> None:
    ended = run(updated(job(), job()), *words)
    assert ended.status == 2
    assert ended.err.startswith(f"error: {words[0]}: ")
