"""A stack's secrets from an Azure Key Vault, read when terraform needs them and written nowhere.

LAKEFLOW_KEY_VAULT is the vault's address; the variable SLACK_URL is its secret SLACK-URL. Entra ID knows who asks by
the OIDC token of a GitHub job (ARM_CLIENT_ID, ARM_TENANT_ID), and anywhere else by `az login`.
https://learn.microsoft.com/en-us/rest/api/keyvault/secrets/get-secret/get-secret
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from urllib.parse import quote, urlencode, urlsplit

from constructs_lib.errors import LakeflowError
from tools.web import Answer, Client

ADDRESS = "LAKEFLOW_KEY_VAULT"
AUTHORITY = "https://login.microsoftonline.com"
_AUDIENCE = "api://AzureADTokenExchange"


def secrets(vault: str, names: Iterable[str]) -> dict[str, str]:
    """Return the value of each variable, and let the log of a CI job never show it."""
    address = vault.rstrip("/")
    host = urlsplit(address).hostname
    if not host:
        raise LakeflowError(
            f"{vault!r} is not the address of a vault", place=ADDRESS, fix="write https://NAME.vault.azure.net"
        )
    client = Client(address, {"Authorization": f"Bearer {_token(host.partition('.')[2])}"})
    return {name: _secret(client, name) for name in names}


def _secret(client: Client, name: str) -> str:
    doing = f"read {name} from {client.base}"
    secret = name.replace("_", "-")
    answer = client.ask("GET", f"/secrets/{quote(secret, safe='')}?api-version=7.4", doing=doing)
    document = answer.json()
    if answer.status == 200 and isinstance(document, dict) and isinstance(document.get("value"), str):
        _mask(document["value"])
        return str(document["value"])
    fix = {
        401: "look which identity the job has",
        403: "give the job's identity the role Key Vault Secrets User",
        404: f"put it into the vault as {secret}",
    }.get(answer.status)
    raise LakeflowError(f"cannot {doing}: {_said(answer)}", fix=fix)


def _token(service: str) -> str:
    """Return a token for the vaults below a domain such as `vault.azure.net`."""
    scope = f"https://{service}/.default"
    return _token_of_the_job(scope) if os.environ.get("ACTIONS_ID_TOKEN_REQUEST_URL") else _token_of_az(scope)


def _token_of_the_job(scope: str) -> str:
    identity = {name: os.environ.get(name, "") for name in ("ARM_CLIENT_ID", "ARM_TENANT_ID")}
    missing = [name for name, value in identity.items() if not value]
    if missing:
        raise LakeflowError(
            f"{' and '.join(missing)} of the job's identity is not given", fix="set the variables of its environment"
        )
    doing = "get the job's OIDC token"
    proof = Client("", {"Authorization": f"Bearer {os.environ.get('ACTIONS_ID_TOKEN_REQUEST_TOKEN', '')}"}).ask(
        "GET", f"{os.environ['ACTIONS_ID_TOKEN_REQUEST_URL']}&{urlencode({'audience': _AUDIENCE})}", doing=doing
    )
    asked = {
        "client_id": identity["ARM_CLIENT_ID"],
        "grant_type": "client_credentials",
        "scope": scope,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": _field(proof, "value", doing),
    }
    authority = os.environ.get("AZURE_AUTHORITY_HOST", AUTHORITY).rstrip("/")
    doing = f"sign in to Entra ID as {identity['ARM_CLIENT_ID']}"
    answer = Client(authority, {"Content-Type": "application/x-www-form-urlencoded"}).ask(
        "POST", f"/{quote(identity['ARM_TENANT_ID'])}/oauth2/v2.0/token", doing=doing, body=urlencode(asked).encode()
    )
    return _field(answer, "access_token", doing)


def _token_of_az(scope: str) -> str:
    az = shutil.which("az")
    if az is None:
        raise LakeflowError("there is nobody to ask the vault as", fix="install the Azure CLI and run `az login`")
    words = ["account", "get-access-token", "--scope", scope, "--query", "accessToken", "--output", "tsv"]
    ended = subprocess.run([az, *words], check=False, capture_output=True, text=True)
    if ended.returncode or not ended.stdout.strip():
        raise LakeflowError("az gives no token for the vault", fix="run `az login`")
    return ended.stdout.strip()


def _field(answer: Answer, name: str, doing: str) -> str:
    document = answer.json()
    value = document.get(name) if isinstance(document, dict) else None
    if answer.status != 200 or not isinstance(value, str):
        raise LakeflowError(f"cannot {doing}: {_said(answer)}", fix="look at its federated credential")
    return value


def _said(answer: Answer) -> str:
    """Return what an answer that is no success says, without the trace that follows its first line."""
    document = answer.json()
    error = document.get("error") if isinstance(document, dict) else None
    said = error.get("message") if isinstance(error, dict) else None
    if isinstance(document, dict) and isinstance(error, str):
        said = document.get("error_description") or error
    return f"{answer.status} {str(said or 'no reason given').splitlines()[0]}"


def _mask(value: str) -> None:
    """Tell the log of a CI job what to hide: line by line, for that is how a log is searched."""
    for line in value.splitlines():
        if line.strip() and os.environ.get("GITHUB_ACTIONS"):
            sys.stdout.write(f"::add-mask::{line.replace('%', '%25')}\n")
        elif line.strip() and os.environ.get("TF_BUILD"):
            sys.stdout.write(f"##vso[task.setsecret]{line.replace('%', '%AZP25')}\n")
    sys.stdout.flush()
