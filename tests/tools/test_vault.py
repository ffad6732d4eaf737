"""Secrets come from a Key Vault when terraform needs them: by OIDC in a GitHub job, by `az` elsewhere."""

import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from constructs_lib import LakeflowError
from lakeflow.stack_map import StackMap
from tests.tools.conftest import Terraform
from tools import terraform as tool, vault

ANSWERS = {
    "/token": {"value": "of-the-job"},
    "/tenant/oauth2/v2.0/token": {"access_token": "of-entra"},
    "/secrets/SLACK-URL": {"value": "hunter2%\n of two lines"},
}


class Azure:
    """GitHub's tokens, Entra ID and a vault, on one loopback server."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, list[str]]]] = []
        self.refuses: dict[str, tuple[int, object]] = {}
        azure = self

        class Exchange(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                parts = urlsplit(self.path)
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                told = parse_qs(f"{parts.query}&{sent}")
                azure.asked.append((parts.path, self.headers.get("Authorization", ""), told))
                status, document = azure.refuses.get(parts.path, (200, ANSWERS.get(parts.path)))
                body = json.dumps(document).encode()
                self.send_response(status if document else 404)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = _answer  # noqa: N815  # the names of http.server

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name of http.server
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Exchange)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.host = f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Azure]:
    """All three, and the job of a workflow that may ask them."""
    running = Azure()
    running.start()
    for name, value in {
        "GITHUB_ACTIONS": "true",
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"{running.host}/token?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "of-the-runner",
        "AZURE_AUTHORITY_HOST": running.host,
        "ARM_CLIENT_ID": "client",
        "ARM_TENANT_ID": "tenant",
        "LAKEFLOW_KEY_VAULT": running.host,
        "DATABRICKS_AUTH_TYPE": "pat",
    }.items():
        monkeypatch.setenv(name, value)
    yield running
    running.stop()


def test_a_job_signs_in_with_its_own_token(azure: Azure, capsys: pytest.CaptureFixture[str]) -> None:
    assert vault.secrets(azure.host, ["SLACK_URL"]) == {"SLACK_URL": "hunter2%\n of two lines"}
    (_, runner, token), (_, nobody, login), (_, bearer, _) = azure.asked
    assert (runner, nobody, bearer) == ("Bearer of-the-runner", "", "Bearer of-entra")
    assert token["audience"] == ["api://AzureADTokenExchange"]
    assert login["client_id"] == ["client"]
    assert login["client_assertion"] == ["of-the-job"]
    assert login["scope"] == ["https://0.0.1/.default"]
    assert capsys.readouterr().out == "::add-mask::hunter2%25\n::add-mask:: of two lines\n"


def test_terraform_gets_what_is_not_given(
    azure: Azure, prod: StackMap, terraform: Terraform, capfd: pytest.CaptureFixture[str]
) -> None:
    assert tool.review(replace(prod, variables=("SLACK_URL",))) == 0
    assert terraform.asked("plan")[0]["variables"] == {"TF_VAR_SLACK_URL": "hunter2%\n of two lines"}
    told = capfd.readouterr().out.replace("::add-mask::hunter2%25\n", "", 1)
    assert "hunter2" not in told
    assert not [file for file in Path.cwd().rglob("*") if file.is_file() and "hunter2" in file.read_text()]


def test_what_is_given_is_taken(
    azure: Azure, prod: StackMap, terraform: Terraform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_VAR_SLACK_URL", "given")
    assert tool.review(replace(prod, variables=("SLACK_URL",))) == 0
    assert terraform.asked("plan")[0]["variables"] == {"TF_VAR_SLACK_URL": "given"}
    assert not [path for path, _, _ in azure.asked if path.startswith("/secrets")]


@pytest.mark.parametrize(
    ("path", "status", "document", "said"),
    [
        (
            "/secrets/SLACK-URL",
            403,
            {"error": {"code": "Forbidden", "message": "Caller is not authorized.\nMore."}},
            "cannot read SLACK_URL from {host}: 403 Caller is not authorized.; give the job's identity the role "
            "Key Vault Secrets User",
        ),
        (
            "/secrets/SLACK-URL",
            404,
            {"error": {"message": "not found"}},
            "cannot read SLACK_URL from {host}: 404 not found; put it into the vault as SLACK-URL",
        ),
        (
            "/tenant/oauth2/v2.0/token",
            401,
            {"error": "invalid_client", "error_description": "AADSTS70021: No matching record.\r\nTrace ID: 1"},
            "cannot sign in to Entra ID as client: 401 AADSTS70021: No matching record.; look at its federated "
            "credential",
        ),
        (
            "/token",
            400,
            ["?"],
            "cannot get the job's OIDC token: 400 no reason given; look at its federated credential",
        ),
    ],
)
def test_a_refusal_is_one_line(azure: Azure, path: str, status: int, document: object, said: str) -> None:
    azure.refuses[path] = (status, document)
    with pytest.raises(LakeflowError) as raised:
        vault.secrets(azure.host, ["SLACK_URL"])
    assert str(raised.value) == said.format(host=azure.host)


def test_a_job_without_an_identity(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARM_CLIENT_ID", "")
    with pytest.raises(LakeflowError, match="ARM_CLIENT_ID of the job's identity is not given; set the variables"):
        vault.secrets(azure.host, ["SLACK_URL"])


@pytest.mark.parametrize("address", ["kv-prod", "", "kv-prod.vault.azure.net"])
def test_what_is_no_vault(azure: Azure, address: str) -> None:
    with pytest.raises(LakeflowError, match=r"is not the address of a vault; write https://NAME.vault.azure.net"):
        vault.secrets(address, ["SLACK_URL"])


def test_a_vault_is_not_asked_unencrypted(azure: Azure) -> None:
    with pytest.raises(LakeflowError, match=r"http://vault.example.com/.* would receive the credentials unencrypted"):
        vault.secrets("http://vault.example.com", ["SLACK_URL"])


@pytest.fixture
def az(azure: Azure, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An `az` instead of a job."""
    monkeypatch.delenv("ACTIONS_ID_TOKEN_REQUEST_URL")
    monkeypatch.delenv("GITHUB_ACTIONS")
    script = tmp_path / "az"
    script.write_text(f"#!{sys.executable}\nimport sys\nprint('of-az' if 'get-access-token' in sys.argv else '')\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return script


def test_elsewhere_az_signs_in(azure: Azure, az: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert vault.secrets(azure.host, ["SLACK_URL"])
    assert [(path, bearer) for path, bearer, _ in azure.asked] == [("/secrets/SLACK-URL", "Bearer of-az")]
    assert not capsys.readouterr().out


def test_azure_pipelines_hide_it_too(
    azure: Azure, az: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_BUILD", "True")
    vault.secrets(azure.host, ["SLACK_URL"])
    assert capsys.readouterr().out == "##vso[task.setsecret]hunter2%AZP25\n##vso[task.setsecret] of two lines\n"


def test_without_az(azure: Azure, az: Path) -> None:
    az.unlink()
    with pytest.raises(LakeflowError, match="nobody to ask the vault as; install the Azure CLI and run `az login`"):
        vault.secrets(azure.host, ["SLACK_URL"])


def test_az_that_is_not_signed_in(azure: Azure, az: Path) -> None:
    az.write_text("#!/bin/sh\necho Please run az login >&2\nexit 1\n")
    with pytest.raises(LakeflowError, match="az gives no token for the vault; run `az login`"):
        vault.secrets(azure.host, ["SLACK_URL"])
