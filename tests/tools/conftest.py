"""A stack of a loopback workspace, and a terraform and a `lakeflow review` that write down what they are asked."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lakeflow.stack_map import StackMap
from tests.support.workspace import Workspace
from tools import reviews

FINGERPRINT = f"sha256:{'a' * 64}"
OTHER = f"sha256:{'b' * 64}"

_TERRAFORM = """\
import json, os, pathlib, sys
here = pathlib.Path(__file__).parent
folder = pathlib.Path(sys.argv[1].removeprefix("-chdir="))
verb, options = sys.argv[2], sys.argv[3:]
told = json.loads((here / "told.json").read_text())
call = {"verb": verb, "options": options, "variables": {n: v for n, v in os.environ.items() if n.startswith("TF_VAR_")}}
if verb == "plan":
    print("SECRET=hunter2")
    file = next(o.removeprefix("-out=") for o in options if o.startswith("-out="))
    # Every plan is another file, also of the same change.
    content = json.dumps({"plan": told["plan"], "number": len((here / "calls").read_text().splitlines())})
    if told["plan"] is not None:
        (folder / file).write_text(content)
elif verb in ("show", "apply"):
    content = (folder / options[-1]).read_text()
    call["file"] = content
    call["mode"] = oct((folder / options[-1]).stat().st_mode & 0o777)
    if verb == "show":
        plan = json.loads(content)["plan"]
        sys.stdout.write(plan if isinstance(plan, str) else json.dumps(plan))
with (here / "calls").open("a") as calls:
    calls.write(json.dumps(call) + "\\n")
if told["fails"] == verb:
    sys.stderr.write("Error: it does not work\\n")
    sys.exit(1)
"""

_REVIEW = """\
import json, pathlib, sys
words, here = sys.argv[1:], pathlib.Path(__file__).parent
option = lambda name: words[words.index(name) + 1] if name in words else None
with (here / "reviews").open("a") as calls:
    calls.write(json.dumps(words) + "\\n")
try:
    plan = json.load(sys.stdin)
    verdict, fingerprint = plan["verdict"], plan.get("fingerprint")
except (ValueError, KeyError):
    sys.exit(sys.stderr.write("error: -: is not a plan\\n") and 2)
form, env = option("--format"), option("--env")
if form == "json":
    print(json.dumps({"verdict": verdict, "fingerprint": fingerprint, "summary": {}, "findings": []}))
elif form == "markdown":
    text = f"<!-- lakeflow-review:v1 env={env} -->\\n## {verdict} {env}\\n{plan.get('text', '')}\\n"
    sys.stdout.write(text[: int(option("--within") or 65536)])
else:
    print(verdict, env)
expected = option("--expect")
wrong = expected and verdict != "no changes" and fingerprint != expected
sys.exit(1 if plan.get("errored") or wrong else 0)
"""


@dataclass(frozen=True)
class Terraform:
    """The terraform of a test."""

    folder: Path

    def will(self, plan: Any, *, fails: str = "") -> None:
        """Let the next plans be this, shown as JSON; None leaves no file. One of its verbs may fail."""
        (self.folder / "told.json").write_text(json.dumps({"plan": plan, "fails": fails}))

    def asked(self, verb: str | None = None) -> list[dict[str, Any]]:
        """Return the calls, or those of one verb."""
        calls = [json.loads(line) for line in (self.folder / "calls").read_text().splitlines()]
        return [call for call in calls if verb in {None, call["verb"]}]

    def reviewed(self) -> list[list[str]]:
        """Return how `lakeflow review` was called."""
        file = self.folder / "reviews"
        return [json.loads(line)[1:] for line in file.read_text().splitlines()] if file.exists() else []


@pytest.fixture
def terraform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terraform:
    """A terraform on the PATH, and a `lakeflow review` to go with it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "tofu"
    script.write_text(f"#!{sys.executable}\n{_TERRAFORM}")
    script.chmod(0o755)
    (folder / "calls").touch()
    (folder / "lakeflow.py").write_text(_REVIEW)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("TERRAFORM_BINARY_NAME", "tofu")
    monkeypatch.setattr(reviews, "LAKEFLOW", (sys.executable, str(folder / "lakeflow.py")))
    made = Terraform(folder)
    made.will({"verdict": "review", "fingerprint": FINGERPRINT})
    return made


@pytest.fixture
def prod(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StackMap]:
    """A stack that was synthesised in an empty folder, and the credentials of its workspace."""
    root = tmp_path / "project"
    (root / "cdktf.out" / "stacks" / "prod").mkdir(parents=True)
    monkeypatch.chdir(root)
    monkeypatch.setenv("DATABRICKS_TOKEN", "x")
    with Workspace(token="x") as workspace:
        yield StackMap(
            stack="prod", order=0, environment="prod", host=workspace.host, sources="", variables=(), jobs={}
        )
