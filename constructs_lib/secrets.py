"""Literals that look like secrets: no such string may reach Terraform's configuration, plan or state.

The value itself is never part of a message.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_KINDS: dict[str, tuple[tuple[str, ...], re.Pattern[str]]] = {
    "a Databricks token": (("dapi",), re.compile(r"\bdapi[0-9a-f]{32}(-\d)?\b")),
    "a Databricks OAuth secret": (("dose",), re.compile(r"\bdose[0-9a-f]{32}\b")),
    "an AWS access key": (("AKIA", "ASIA"), re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    "a GitHub token": (
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40})"),
    ),
    "a GitLab token": (("glpat-",), re.compile(r"\bglpat-[A-Za-z0-9_-]{20}")),
    "a Slack token": (("xox",), re.compile(r"\bxox[abeoprs]-[A-Za-z0-9-]{10}")),
    "a Slack webhook": (("hooks.slack.com",), re.compile(r"hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/]{20}")),
    "a Teams webhook": (("webhook.office.com",), re.compile(r"webhook\.office\.com/webhookb2/[A-Za-z0-9@/-]{20}")),
    "a private key": (("PRIVATE KEY",), re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")),
    "a JSON web token": (("eyJ",), re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.")),
    "an Azure storage key": (("AccountKey=",), re.compile(r"AccountKey=[A-Za-z0-9+/]{20}")),
    "an Azure shared access signature": (("sig=",), re.compile(r"[?&;]sig=[A-Za-z0-9%+/]{20}")),
    "an Azure client secret": (("8Q~",), re.compile(r"\b[A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{31}")),
    "a shared access key": (("SharedAccessKey=",), re.compile(r"SharedAccessKey=[A-Za-z0-9+/]{20}")),
    "a password": (("=",), re.compile(r"(?:^|[\s;&?-])(?i:password|passwd|pwd)=(?!\{\{|\$\{|<)[^;&\s]+")),
    "a URL with a password": (("://",), re.compile(r"[a-z]://[^/\s:@{};]*:[^/\s:@{};?#]+@")),
}
"""Kind → texts of which it has one, which are fast to look for, and what it looks like."""
_SECRET_NAME = re.compile(
    r"(?:^|[_.\-])(?:password|passwd|pwd|secret|token|api[_.-]?key|access[_.-]?key|account[_.-]?key|private[_.-]?key"
    r"|secret\.key|client[_.-]?secret|connection[_.-]?string)(?:\.[a-z0-9-]+\.(?:dfs|blob)\.core\.windows\.net)?$",
    re.IGNORECASE,
)
_NO_SECRET = re.compile(r"\s*|true|false|[0-9.]+|.*\{\{.+\}\}.*|\$\{.+\}", re.IGNORECASE | re.DOTALL)
_SHORTEST = 5
"""The shortest text that one of the kinds can be: `pwd=x`."""
_KEYS = ("task_key", "job_cluster_key", "environment_key", "name", "key")


def looks_like_secret(value: str, name: str = "") -> str | None:
    """Return what kind of secret a string looks like, by itself or by its name; None where it does not."""
    for kind, (marks, pattern) in _KINDS.items() if len(value) >= _SHORTEST else ():
        if any(mark in value for mark in marks) and pattern.search(value):
            return kind
    if name and _SECRET_NAME.search(name) and not _NO_SECRET.fullmatch(value):
        return "a secret, by its name"
    return None


def secrets_in(resource_type: str, body: Any) -> Iterator[str]:
    """Yield one message for each literal in a resource's body that looks like a secret."""
    for place, name, value in _strings(body, ""):
        kind = looks_like_secret(value, name)
        if kind:
            yield (
                f"{resource_type}: {place} looks like {kind}; "
                "put it into a secret scope and write secret('scope', 'key'), or a secret_variable of the stack"
            )


def _strings(value: Any, place: str, name: str = "") -> Iterator[tuple[str, str, str]]:
    if isinstance(value, str):
        yield place, name, value
    elif isinstance(value, Mapping):
        named = value.get("name", value.get("key"))
        for key, entry in value.items():
            # A pair such as {"name": "password", "default": "…"} names its value itself.
            inner = named if key in {"default", "value"} and isinstance(named, str) else key
            shown = "(a key)" if looks_like_secret(key) else key
            yield from _strings(entry, f"{place}.{shown}" if place else shown, inner)
            if shown != key:
                yield f"{place} (a key)", "", key
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _strings(entry, f"{place}[{_label(entry, index)}]", name)


def _label(entry: Any, index: int) -> str:
    if isinstance(entry, Mapping):
        for key in _KEYS:
            label = entry.get(key)
            if isinstance(label, str) and not looks_like_secret(label):
                return label
    return str(index)
