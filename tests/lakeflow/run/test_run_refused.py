"""What `lakeflow run` refuses before it sends anything, and how it says that a workspace refuses or is not there."""

import socket
from pathlib import Path

import pytest

from tests.lakeflow.run.conftest import NAME, Deployed
from tests.support.workspace_exchange import forbidden, refused, saying

ELSEWHERE = "https://adb-2.2.azuredatabricks.net"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--param", "catlog=x"], "--param: daily-sales has no parameter 'catlog'; did you mean 'catalog'?"),
        (["--param", "zzz=x"], "--param: daily-sales has no parameter 'zzz'; its parameters are catalog, date"),
        (["--param", "catalog"], "--param: 'catalog' is not NAME=VALUE; write --param date=2026-01-31"),
        (["--param", "=x"], "--param: '=x' is not NAME=VALUE"),
        (["--param", "dapi" + "0123456789abcdef" * 2], "--param: '***' is not NAME=VALUE"),
        (
            ["--param", "date=dapi" + "0123456789abcdef" * 2],
            "--param: the value of 'date' looks like a Databricks token",
        ),
        (["--param", "date=1", "--param", "date=2"], "--param: 'date' is given twice"),
        (["--only", "ingets"], "--only: daily-sales has no task 'ingets'; did you mean 'ingest'?"),
        (["--only", "ingest,,clean"], "--only: 'ingest,,clean' names an empty task"),
        (["--only", "+"], "--only: '+' names an empty task"),
        (["--timeout", "90"], "--timeout: '90' is not a duration; write 90m, 2h, 1h30m or 45s"),
        (["--interval", "soon"], "--interval: 'soon' is not a duration"),
        (["--idempotency-token", "x" * 65], "--idempotency-token: 65 characters are not possible; give 1 to 64"),
        (["--idempotency-token", ""], "--idempotency-token: 0 characters are not possible"),
        (["--job-id", "1"], f"--job-id: job 1 is not called '{NAME}'"),
    ],
)
def test_what_is_asked_is_checked_first(dev: Deployed, arguments: list[str], told: str) -> None:
    said = dev.run(*arguments)

    assert said.status == 2
    assert said.err.startswith(f"error: {told}")
    assert "dapi0" not in said.err
    assert not dev.workspace.asked("POST /jobs/run-now")


def test_an_unknown_job_names_the_nearest(dev: Deployed) -> None:
    said = dev.run(job="daily-sale")

    assert said.status == 2
    assert "did you mean 'daily-sales'?" in said.err


def test_an_unknown_stack_names_the_nearest(dev: Deployed) -> None:
    said = dev.run(env="deb")

    assert said.status == 2
    assert "did you mean 'dev'?" in said.err


def test_a_job_that_is_not_deployed_says_how_to_deploy_it(dev: Deployed) -> None:
    dev.write_map(dev.workspace.host, "[dev] new")

    said = dev.run()

    assert said.status == 2
    assert said.err == "error: dev: '[dev] new' is not deployed; deploy with cdktf deploy dev\n"


def test_a_name_in_other_letters_is_another_job(dev: Deployed) -> None:
    dev.write_map(dev.workspace.host, "[DEV] daily-sales")

    said = dev.run()

    assert "error: dev: '[DEV] daily-sales' is not deployed" in said.err


def test_a_name_that_terraform_reads_otherwise_is_found(dev: Deployed) -> None:
    dev.workspace.jobs.create({"name": "costs ${a} 5%{b}", "tasks": dev.tasks})
    dev.write_map(dev.workspace.host, "costs $${a} 5%%{b}")

    assert dev.run().status == 0


def test_several_jobs_of_one_name_are_listed_and_one_is_chosen_by_its_id(dev: Deployed) -> None:
    second = dev.deploy()

    said = dev.run()
    assert said.status == 2
    assert said.err == (f"error: dev: 2 jobs are called '{NAME}': {dev.ids[0]}, {second}; say which with --job-id ID\n")

    assert dev.run("--job-id", str(second)).status == 0
    assert dev.workspace.asked("POST /jobs/run-now")[0].body["job_id"] == second


def test_the_job_is_found_behind_a_hundred_others(dev: Deployed) -> None:
    for _ in range(120):
        dev.workspace.jobs.create({"name": NAME.upper()})

    assert dev.run().status == 0


def test_a_host_of_another_workspace_is_refused(dev: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABRICKS_HOST", ELSEWHERE)

    said = dev.run()

    assert said.status == 2
    assert said.err.startswith(f"error: DATABRICKS_HOST is {ELSEWHERE}, but dev is deployed to {dev.workspace.host}")
    assert not dev.workspace.requests


@pytest.mark.parametrize("spelling", ["{host}", "{host}/", "{host}/?o=1", "{HOST}"])
def test_the_same_host_may_be_spelled_otherwise(dev: Deployed, monkeypatch: pytest.MonkeyPatch, spelling: str) -> None:
    host = dev.workspace.host
    monkeypatch.setenv("DATABRICKS_HOST", spelling.format(host=host, HOST=host.upper()))

    assert dev.run().status == 0


def test_a_profile_of_another_workspace_is_refused(
    dev: Deployed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "cfg").write_text(f"[other]\nhost = {ELSEWHERE}\ntoken = its-token\n", encoding="utf-8")
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", str(tmp_path / "cfg"))
    monkeypatch.setenv("DATABRICKS_CONFIG_PROFILE", "other")

    said = dev.run()

    assert said.status == 2
    assert f"DATABRICKS_CONFIG_PROFILE 'other' is for {ELSEWHERE}" in said.err
    assert "its-token" not in said.err


def test_a_profile_of_the_workspace_gives_the_credentials(
    dev: Deployed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    written = f"[mine]\nhost = {dev.workspace.host}\ntoken = {dev.workspace.token}\n"
    (tmp_path / "cfg").write_text(written, encoding="utf-8")
    monkeypatch.delenv("DATABRICKS_TOKEN")
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", str(tmp_path / "cfg"))

    said = dev.run()
    assert (said.status, said.err) == (
        2,
        f"error: no credentials for {dev.workspace.host}; set DATABRICKS_CONFIG_PROFILE to its profile: mine\n",
    )

    monkeypatch.setenv("DATABRICKS_CONFIG_PROFILE", "mine")
    assert dev.run().status == 0


def test_a_profile_that_is_not_there_is_named(dev: Deployed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "cfg").write_text("[mine]\ntoken = x\n", encoding="utf-8")
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", str(tmp_path / "cfg"))
    monkeypatch.setenv("DATABRICKS_CONFIG_PROFILE", "your")

    said = dev.run()

    assert said.status == 2
    assert "has no your profile configured" in said.err


def test_no_credentials_says_what_to_set(dev: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABRICKS_TOKEN")

    said = dev.run()

    assert said.status == 2
    assert said.err.startswith(f"error: no credentials for {dev.workspace.host}; set DATABRICKS_TOKEN, or")
    assert said.err.count("\n") == 1


def test_half_of_the_credentials_names_the_other_half(dev: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABRICKS_TOKEN")
    monkeypatch.setenv("DATABRICKS_CLIENT_ID", "me")

    said = dev.run()

    assert said.err.startswith(f"error: no credentials for {dev.workspace.host}: DATABRICKS_CLIENT_ID is set")
    assert said.err.endswith("; set DATABRICKS_CLIENT_SECRET too\n")


def test_two_ways_to_sign_in_are_one_too_many(dev: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABRICKS_CLIENT_ID", "me")
    monkeypatch.setenv("DATABRICKS_CLIENT_SECRET", "of-mine")

    said = dev.run()

    assert said.status == 2
    assert "more than one authorization method configured: oauth and pat" in said.err
    assert "of-mine" not in said.err


def test_credentials_that_are_not_accepted(dev: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABRICKS_TOKEN", "old-token")

    said = dev.run()

    assert said.status == 2
    assert f"cannot find the job '{NAME}': {dev.workspace.host} does not accept the credentials (pat)" in said.err
    assert said.err.endswith("; renew them, or sign in again\n")
    assert "old-token" not in said.err
    assert "Config:" not in said.err


def test_a_missing_permission(dev: Deployed) -> None:
    dev.workspace.fail("POST /jobs/run-now", forbidden())

    said = dev.run()

    assert said.status == 2
    assert said.err == (
        "error: cannot start the run: User jd does not have Manage Run permissions on job 1; "
        "ask the owner of the job for the permission CAN_MANAGE_RUN\n"
    )


def test_a_value_that_the_service_does_not_take(dev: Deployed) -> None:
    dev.workspace.fail("POST /jobs/run-now", refused("The job is paused."))

    assert dev.run().err == "error: cannot start the run: The job is paused\n"


@pytest.mark.parametrize("answer", ["<html><title>Sign in</title></html>", '"hello"', "[1]", "7", "{"])
def test_something_that_is_no_workspace_answers(dev: Deployed, answer: str) -> None:
    dev.workspace.fail("GET /jobs/list", saying(answer), times=None)

    said = dev.run()

    assert said.status == 2
    assert f"what answers at {dev.workspace.host} is not a Databricks workspace" in said.err


@pytest.mark.parametrize("status", [404, 418, 500, 502])
def test_an_error_that_is_no_json_is_one_line(dev: Deployed, status: int) -> None:
    dev.workspace.fail("GET /jobs/list", saying("gone\nfishing", status), times=None)

    said = dev.run()

    assert said.status == 2
    assert said.err.count("\n") == 1
    assert f"cannot find the job '{NAME}': unable to parse response" in said.err


@pytest.mark.parametrize("answer", ['{"jobs": 7}', '{"jobs": [7, {"job_id": "x"}, {"settings": []}]}', "{}", "null"])
def test_an_answer_without_the_job_is_no_job(dev: Deployed, answer: str) -> None:
    dev.workspace.fail("GET /jobs/list", saying(answer), times=None)

    assert "is not deployed" in dev.run().err


def test_a_refused_connection(dev: Deployed) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        host = f"http://127.0.0.1:{unused.getsockname()[1]}"
        dev.write_map(host)

        said = dev.run()

    assert (said.status, said.err) == (
        2,
        f"error: {host} refuses the connection; check the host of the environment, and VPN and proxy\n",
    )


def test_a_server_without_tls(dev: Deployed) -> None:
    host = dev.workspace.host.replace("http://", "https://")
    dev.write_map(host)

    assert dev.run().err.startswith(f"error: no TLS connection to {host};")


def test_a_name_that_nobody_knows(dev: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    dev.write_map("https://adb-1.1.azuredatabricks.net")

    assert dev.run().err.startswith("error: the name of https://adb-1.1.azuredatabricks.net is not known;")


@pytest.mark.parametrize("host", ["", "https://", "ftp://x", "${var.host}", "https://[x"])
def test_a_map_without_a_host(dev: Deployed, host: str) -> None:
    dev.write_map(host)

    said = dev.run()

    assert (said.status, said.err) == (
        2,
        f"error: dev: {host!r} is not the host of a workspace; give the environment its host\n",
    )


def test_a_host_with_an_impossible_port(dev: Deployed) -> None:
    dev.write_map("https://adb-1.1.azuredatabricks.net:port")

    assert "https://adb-1.1.azuredatabricks.net:port is not the address of a workspace" in dev.run().err


def test_credentials_never_travel_unencrypted(dev: Deployed) -> None:
    dev.write_map("http://adb-1.1.azuredatabricks.net")

    assert "would receive the credentials unencrypted; write https://" in dev.run().err
