"""Whose credentials a run uses, and that they are for the workspace which the environment names.

https://docs.databricks.com/dev-tools/auth/unified-auth. databricks-sdk looks for them itself; here stands what is said
where it finds none, or where the user's own environment is about another workspace.
"""

import configparser
import os
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from constructs_lib.errors import LakeflowError, listed

_GROUPS = (
    ("DATABRICKS_CLIENT_ID", "DATABRICKS_CLIENT_SECRET"),
    ("ARM_CLIENT_ID", "ARM_CLIENT_SECRET", "ARM_TENANT_ID"),
    ("DATABRICKS_USERNAME", "DATABRICKS_PASSWORD"),
)


def refuse_another_workspace(host: str, stack: str) -> None:
    """Raise LakeflowError where DATABRICKS_HOST or the chosen profile is another workspace than the stack's."""
    elsewhere = os.environ.get("DATABRICKS_HOST")
    if elsewhere and not _same_host(elsewhere, host):
        raise LakeflowError(
            f"DATABRICKS_HOST is {elsewhere}, but {stack} is deployed to {host}",
            fix="unset DATABRICKS_HOST, or choose the environment of that workspace",
        )
    profile = os.environ.get("DATABRICKS_CONFIG_PROFILE")
    elsewhere = _hosts_of_profiles().get(profile) if profile else None
    if elsewhere and not _same_host(elsewhere, host):
        raise LakeflowError(
            f"DATABRICKS_CONFIG_PROFILE {profile!r} is for {elsewhere}, but {stack} is deployed to {host}",
            fix="unset DATABRICKS_CONFIG_PROFILE, or choose a profile of that workspace",
        )


def no_credentials(host: str, said: str) -> LakeflowError:
    """Return the error for a workspace whose credentials the SDK did not find, naming what is missing."""
    nothing_found = "cannot configure default credentials" in said
    for group in _GROUPS:
        absent = [name for name in group if not os.environ.get(name)]
        if absent and os.environ.get(group[0]):
            why = "" if nothing_found else f" ({said})"
            return LakeflowError(
                f"no credentials for {host}: {group[0]} is set{why}", fix=f"set {' and '.join(absent)} too"
            )
    if not nothing_found:
        return LakeflowError(f"no credentials for {host}: {said}", fix="set them for one way to sign in")
    profiles = [name for name, its_host in _hosts_of_profiles().items() if _same_host(its_host, host)]
    if profiles:
        return LakeflowError(
            f"no credentials for {host}", fix=f"set DATABRICKS_CONFIG_PROFILE to its profile: {listed(profiles)}"
        )
    return LakeflowError(
        f"no credentials for {host}",
        fix="set DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET, or DATABRICKS_CONFIG_PROFILE, "
        f"or sign in with `az login` or `databricks auth login --host {host}`",
    )


def _hosts_of_profiles() -> dict[str, str]:
    path = Path(os.environ.get("DATABRICKS_CONFIG_FILE") or "~/.databrickscfg").expanduser()
    profiles = configparser.ConfigParser(interpolation=None, default_section="")
    try:
        profiles.read_string(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, configparser.Error):
        return {}
    return {name: profiles[name]["host"] for name in profiles.sections() if profiles[name].get("host")}


def _same_host(one: str, other: str) -> bool:
    return _authority(one) == _authority(other)


def _authority(host: str) -> tuple[str | None, int | None]:
    parts = parts_of(host)
    try:
        port = parts.port
    except ValueError:
        return host, None
    return parts.hostname, port or (80 if parts.scheme == "http" else 443)


def parts_of(host: str) -> SplitResult:
    """Return the parts of a host, `https` where it says no scheme."""
    try:
        return urlsplit(host if "://" in host else f"https://{host}")
    except ValueError:  # brackets that are no address
        return SplitResult("", "", host, "", "")
