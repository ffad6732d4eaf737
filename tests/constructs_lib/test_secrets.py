"""Literals that look like secrets are found wherever they stand, and never shown."""

from datetime import time
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from constructs_lib import (
    ClusterSpec,
    Compute,
    GitSource,
    Goal,
    JobDefinition,
    NotebookTask,
    Notifications,
    Operations,
    Principal,
    PythonScriptTask,
    Reference,
    Retries,
    RunJobTask,
    Trigger,
    WorkspacePath,
    parameter,
    secret,
)
from constructs_lib.handles import ExistingDestination, ExistingJob
from constructs_lib.references import terraform_json
from constructs_lib.secrets import looks_like_secret, secrets_in
from tests.support.refusal import refusal

HEX = "0123456789abcdef"
LETTERS = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3gH5jK7m"

SECRETS = {
    "a Databricks token": [f"dapi{HEX * 2}", f"dapi{HEX * 2}-2", f"Bearer dapi{HEX * 2}"],
    "a Databricks OAuth secret": [f"dose{HEX * 2}"],
    "an AWS access key": ["AKIA" + "IOSFODNN7EXAMPLE", "ASIA" + "IOSFODNN7EXAMPLE"],
    "a GitHub token": [*(f"gh{kind}_{LETTERS[:36]}" for kind in "pousr"), f"github_pat_{LETTERS[:22]}_{LETTERS}"],
    "a GitLab token": [f"glpat-{LETTERS[:20]}"],
    "a Slack token": [f"xoxb-{'1' * 12}-{LETTERS[:24]}"],
    "a Slack webhook": [f"https://hooks.slack.com/services/T0001/B0001/{LETTERS[:24]}"],
    "a Teams webhook": [f"https://example.webhook.office.com/webhookb2/{HEX}@{HEX}/IncomingWebhook/{HEX}"],
    "a private key": [f"-----BEGIN {kind}PRIVATE KEY-----\nMII…" for kind in ("", "RSA ", "EC ", "ENCRYPTED ")],
    "a JSON web token": [f"eyJ{LETTERS[:20]}.eyJ{LETTERS[:30]}.{LETTERS}"],
    "an Azure storage key": [f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={LETTERS}=="],
    "an Azure shared access signature": [f"https://a.blob.core.windows.net/c?sv=2024&sig={LETTERS[:30]}%3D&se=2026"],
    "an Azure client secret": [f"abc8Q~{LETTERS[:34]}"],
    "a URL with a password": ["postgresql://loader:hunter2@db.example.com:5432/sales", "redis://:hunter2@cache:6379"],
}


def found(body: dict[str, Any]) -> list[str]:
    return list(secrets_in("databricks_job", body))


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SECRETS.items() for text in texts])
def test_a_secret_is_known_by_its_form_wherever_it_stands(kind: str, text: str) -> None:
    assert looks_like_secret(text) == looks_like_secret(f"x {text}") == kind
    (message,) = found({"task": [{"task_key": "ingest", "notebook_task": {"base_parameters": {"x": text}}}]})
    assert message == (
        f"databricks_job: task[ingest].notebook_task.base_parameters.x looks like {kind}; "
        "put it into a secret scope and write secret('scope', 'key'), or a secret_variable of the stack"
    )


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "db_password",
        "DB-PASSWORD",
        "passwd",
        "pwd",
        "token",
        "SLACK_TOKEN",
        "api_key",
        "apikey",
        "client.secret",
        "access-key",
        "connection_string",
        "spark.hadoop.fs.s3a.secret.key",
        "fs.azure.account.key.sales.dfs.core.windows.net",
        "fs.azure.account.oauth2.client.secret.sales.dfs.core.windows.net",
        "fs.azure.sas.fixed.token.sales.dfs.core.windows.net",
    ],
)
def test_a_secret_is_known_by_its_name(name: str) -> None:
    assert looks_like_secret("hunter2", name) == "a secret, by its name"
    assert found({"spark_conf": {name: "hunter2"}})
    assert found({"parameter": [{"name": name, "default": "hunter2"}]})
    assert found({"custom_tags": [{"key": name, "value": "hunter2"}]})


@pytest.mark.parametrize(
    "text",
    [
        f"Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=send;SharedAccessKey={LETTERS}=",
        "jdbc:sqlserver://db.example.com:1433;user=loader;password=hunter2;encrypt=true",
        "--password=hunter2",
    ],
)
def test_a_secret_inside_a_connection_string_is_known(text: str) -> None:
    assert looks_like_secret(text)


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "true",
        "0.5",
        "{{secrets/kv/token}}",
        "{{job.parameters.token}}",
        "x {{secrets/kv/token}}",
        "${var.token}",
    ],
)
def test_what_is_no_secret_whatever_its_name(value: str) -> None:
    assert looks_like_secret(value, "db_password") is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("token_count", "1000 tokens per row"),
        ("secret_scope", "kv-sales-prod"),
        ("password_policy", "rotate after 90 days"),
        ("tokenizer", "bert-base-uncased"),
        ("primary_keys", "order_id,line_no"),
        ("secret_key", "orders-db"),
        ("path", "abfss://raw@sales.dfs.core.windows.net/orders/2026-01-31"),
        ("url", "https://example.com:8443/api?notify=team@example.com"),
        ("endpoint", "https://example.com:8443?notify=team@example.com"),
        ("jdbc", "jdbc:sqlserver://db.example.com:1433;user=loader@sales;encrypt=true"),
        ("commit", "9fceb02d0ae598e95dc970b74767f19372d61af8"),
        ("warehouse", "1234567890abcdef"),
        ("note", "the dapi prefix, AKIA and ghp_ are how keys start; sig=abc is short"),
        ("run", "{{job.run_id}}:{{task.name}}@{{job.start_time.iso_date}}"),
        ("git", "git+ssh://git@github.com/example/sales.git@v1"),
        ("wheel", "sales @ https://host.example.com:443/wheels/sales-1.0-py3-none-any.whl"),
        ("principal", "11111111-2222-3333-4444-555555555555"),
        ("dsn", "postgresql://loader:{{secrets/kv/db}}@db.example.com:5432/sales"),
        ("sql", "select user || ':' || host || '@' from sessions"),
    ],
)
def test_what_only_reminds_of_a_secret_is_none(name: str, value: str) -> None:
    assert looks_like_secret(value, name) is None
    assert found({"base_parameters": {name: value}, "parameter": [{"name": name, "default": value}]}) == []


def test_a_whole_job_raises_no_false_alarm() -> None:
    cluster = ClusterSpec(
        node_type="Standard_D4ds_v5",
        spark_conf={
            "spark.databricks.delta.preview.enabled": "true",
            "spark.hadoop.fs.azure.account.key": secret("kv", "storage"),
        },
        environment_variables={"DB_PASSWORD": secret("kv", "db-password"), "PIP_INDEX_URL": "https://pypi.example.com"},
    )
    first = NotebookTask(
        "ingest",
        WorkspacePath("/Workspace/sales/ingest"),
        parameters={"token": parameter("token"), "page_size": "500"},
        compute=Compute.job_cluster("etl", cluster),
        retries=Retries(2),
    )
    second = RunJobTask(
        "next",
        ExistingJob(Reference.to("databricks_job.next.id")),
        parameters={"token": first.value("token")},
        depends_on=[first],
    )
    script = PythonScriptTask(
        "load", WorkspacePath("/Workspace/load.py"), arguments=["--token-file", "/Volumes/a/b/c"], depends_on=[second]
    )
    definition = JobDefinition(
        "sales (token refresh)",
        goal=Goal("Tokens per customer.", owner="data-engineering", runbook="https://wiki.example.com:8443/x@y"),
        tasks=[first, second, script],
        trigger=Trigger.daily(time(5, 30), timezone="UTC"),
        compute=Compute.serverless(dependencies=["sales @ git+https://github.com/example/sales@v1"]),
        operations=Operations(
            parameters={"token": "", "catalog": "sales"},
            git=GitSource("https://github.com/example/sales", provider="gitHub", commit="9fceb02d0ae598e9" * 2),
            tags={"team": "sales", "cost-key": "4711"},
            run_as=Principal.service_principal("11111111-2222-3333-4444-555555555555"),
            notifications=Notifications(
                on_failure=["team@example.com", ExistingDestination("11111111-2222-3333-4444-555555555555")]
            ),
        ),
    )
    assert found(terraform_json(definition.render())) == []


# Never shown

TOKEN = f"dapi{HEX * 2}"


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({"name": TOKEN}, ["name"]),
        ({"tags": {TOKEN: "x"}}, ["tags (a key)"]),
        ({"tags": {"x": {TOKEN: {"y": "z"}}}}, ["tags.x (a key)"]),
        ({"parameter": [{"name": TOKEN, "default": "x"}]}, ["parameter[0].name"]),
        ({"task": [{"task_key": TOKEN, "description": TOKEN}]}, ["task[0].task_key", "task[0].description"]),
        ({"arguments": ["--x", TOKEN]}, ["arguments[1]"]),
        ({"x": [[TOKEN]]}, ["x[0][0]"]),
    ],
)
def test_a_message_says_the_place_and_never_the_value(body: dict[str, Any], places: list[str]) -> None:
    messages = found(body)
    assert [message.removeprefix("databricks_job: ").partition(" looks like ")[0] for message in messages] == places
    assert TOKEN not in "".join(messages)


@pytest.mark.parametrize(
    "body",
    [
        {"spark_conf": {TOKEN: TOKEN}},
        {"spark_conf": {TOKEN: {"password": "hunter2"}}},
        {"spark_conf": {f"{TOKEN}.password": "hunter2"}},
    ],
)
def test_a_secret_that_is_a_key_is_not_shown_as_a_place_either(body: dict[str, Any]) -> None:
    messages = found(body)
    assert messages
    assert TOKEN not in "".join(messages)


def test_a_mistake_beside_a_secret_does_not_show_it() -> None:
    variables: Any = {"DB_PASSWORD": "hunter2", "TOKEN": TOKEN, "PORT": 5432}
    message = refusal(lambda: ClusterSpec(node_type="n", environment_variables=variables))
    assert "hunter2" not in message
    assert TOKEN[:8] not in message
    assert "5432" in message


KNOWN = st.sampled_from([text for texts in SECRETS.values() for text in texts])
DOCUMENTS = st.recursive(
    KNOWN | st.text(max_size=5) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | KNOWN, inner, max_size=3),
    max_leaves=10,
)


@settings(deadline=None)
@given(DOCUMENTS)
def test_no_message_holds_a_secret(document: Any) -> None:
    messages = found({"body": document})
    for text in (text for texts in SECRETS.values() for text in texts):
        assert text not in "".join(messages)


def test_only_text_is_looked_at() -> None:
    assert found({"password": 7, "token": None, "secret": ["a", 1, True], "x": {"password": {}}}) == [
        "databricks_job: secret[0] looks like a secret, by its name; "
        "put it into a secret scope and write secret('scope', 'key'), or a secret_variable of the stack"
    ]
