"""The pages in a browser whose network ends at this machine: nothing is missing, nothing is asked for elsewhere."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

import pytest

from lakeflow.workspace.exchange import Request
from lakeflow.workspace.page import page
from lakeflow.workspace.server import milliseconds, running
from lakeflow.workspace.store import Store
from lakeflow.workspace.workspace import Workspace
from tests.support import furnished as here

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium, chromium-browser or google-chrome"),
]
PATHS = (
    "/",
    f"/jobs/{here.JOB}",
    f"/jobs/{here.STRANGE}",
    f"/jobs/{here.JOB}/runs/{here.FAILED}",
    f"/jobs/{here.JOB}/runs/{here.REPAIRED}",
    "/runs",
    "/things/alerts",
    "/nothing",
)
MEASURED = """
<iframe id="measured" style="width:400px;height:900px;border:0" src="PATH"></iframe>
<pre id="answer">not yet</pre>
<script>
addEventListener("load", () => {
  const frame = document.getElementById("measured"), inner = frame.contentDocument, root = inner.documentElement;
  const wide = [...inner.querySelectorAll("main *, .top *")].filter(each =>
    each.getBoundingClientRect().right > 400.5 && !each.closest(".scroll, .graph, .hidden, caption, .skip"));
  document.getElementById("answer").textContent =
    (root.scrollWidth > root.clientWidth ? "wide " : "fits ") + wide.map(each => each.outerHTML.slice(0, 80)).join(" ");
});
</script>
"""


class Served:
    """A server of the pages, which keeps what it was asked for."""

    def __init__(self) -> None:
        state = here.furnished_by_hand()
        asked: list[str] = []
        self.asked = asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                parts = urlsplit(self.path)
                status, document = page(state, parts.path, dict(parse_qsl(parts.query)), now=here.NOW)
                if parts.path == "/measured":
                    status, document = 200, MEASURED.replace("PATH", parts.query)
                content = document.encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """The server, on loopback."""
    made = Served()
    thread = Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def browsed(url: str, folder: Path, *, dump: str = "--dump-dom") -> tuple[str, str]:
    """Return what a browser makes of a page, and what it writes to its log."""
    assert CHROMIUM is not None
    ended = subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            f"--user-data-dir={folder}",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            "--enable-logging=stderr",
            "--virtual-time-budget=2000",
            dump,
            url,
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return ended.stdout, ended.stderr


def console(log: str) -> list[str]:
    """Return what pages said to the console: errors of scripts, of policies, of what could not be loaded."""
    return re.findall(r".*CONSOLE.*", log)


def headings(document: str) -> list[str]:
    """Return the headings of a page; which letters are written as entities is the browser's own choice."""
    return [unescape(each) for each in re.findall(r"<h[12].*?</h[12]>", document)]


@pytest.mark.parametrize("path", PATHS)
def test_a_browser_shows_the_page_and_has_nothing_to_say_about_it(served: Served, tmp_path: Path, path: str) -> None:
    before = len(served.asked)
    # What refreshes itself would do so for ever in a browser whose time runs ahead.
    shown, log = browsed(f"{served.url}{path}?refresh=no", tmp_path)
    _, document = page(here.furnished_by_hand(), path, {"refresh": "no"}, now=here.NOW)
    assert [each for each in console(log) if "404" not in each] == []
    assert headings(shown) == headings(document)
    assert shown.count("<tr") == document.count("<tr")
    assert served.asked[before:] == [f"{path}?refresh=no"]


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_wider_than_a_phone(served: Served, tmp_path: Path, path: str) -> None:
    shown, _ = browsed(f"{served.url}/measured?{path}", tmp_path)
    [answer] = re.findall(r'<pre id="answer">(.*?)</pre>', shown, re.DOTALL)
    assert answer == "fits "


def test_the_printed_address_opens_the_page_under_the_policy_of_the_server(tmp_path: Path) -> None:
    token = "local-of-the-test"
    settings = {"name": "orders", "tasks": [{"task_key": "ingest", "notebook_task": {"notebook_path": "/Shared/n"}}]}
    with Store(":memory:") as store:
        workspace = Workspace(store, {token: "jd@example.com"})
        created = Request(
            method="POST",
            path="/api/2.2/jobs/create",
            headers={"authorization": f"Bearer {token}", "host": "127.0.0.1"},
            content=json.dumps(settings).encode(),
            at=milliseconds(),
        )
        [answer] = workspace.answers([created], milliseconds())
        job_id = json.loads(answer.body)["job_id"]
        with running(workspace, [token]) as address:
            shown, log = browsed(f"{address}/?token={token}", tmp_path / "home")
            graph, told = browsed(f"{address}/jobs/{job_id}?token={token}", tmp_path / "job")
    assert console(log) == console(told) == []
    assert f'href="/jobs/{job_id}"' in shown
    assert "ingest" in graph
    assert headings(graph)[:2] == ["<h1><bdi>orders</bdi></h1>", "<h2>Runs</h2>"]
    assert token not in shown + graph
