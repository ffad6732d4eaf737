"""What a pattern cannot tell of a text: the `format`s of our schema, each raising ValueError with what is expected."""

import re
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from jsonschema import FormatChecker

from environments.words import nearest, shown

FORMATS = FormatChecker(formats=())
"""Only ours, as those of JSON Schema say nothing about what is wrong."""

_LOCAL = ("127.0.0.1", "localhost")
_HOST_NAME = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?")


def _url(text: object, expected: str) -> SplitResult:
    """Return the parts of a URL that holds no password and nothing that a URL cannot hold."""
    if not isinstance(text, str) or not re.fullmatch(r"[!-~]+", text):
        raise ValueError(f"expected {expected}, got {shown(text)}")
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        raise ValueError(f"expected {expected}, got {shown(text)}") from None
    if "@" in url.netloc:
        raise ValueError("a URL with a user name or password; delete everything up to the @")
    if port == 0 or url.netloc.endswith(":"):
        raise ValueError(f"expected {expected}, got {shown(text)}")
    return url


@FORMATS.checks("workspace-host", ValueError)
def is_workspace_host(text: object) -> bool:
    """Check the URL of a workspace: https and a host name, or a port of this machine."""
    expected = (
        "https:// and the host of a workspace without a path, such as "
        "https://adb-1111111111111111.1.azuredatabricks.net, or http://127.0.0.1:<port> for a workspace on this machine"
    )
    if not isinstance(text, str):
        return True
    url = _url(text, expected)
    rest = text.removeprefix(f"{url.scheme}://{url.netloc}")
    local = url.hostname in _LOCAL and url.port is not None
    remote = url.scheme == "https" and bool(_HOST_NAME.fullmatch(url.netloc.partition(":")[0]))
    if rest or url.scheme not in {"http", "https"} or not (local or remote):
        raise ValueError(f"expected {expected}, got {shown(text)}")
    return True


@FORMATS.checks("https-url", ValueError)
def is_https_url(text: object) -> bool:
    """Check an https URL with a path."""
    if not isinstance(text, str):
        return True
    expected = "an https URL such as https://github.com/example/lakeflow-jobs.git"
    url = _url(text, expected)
    if url.scheme != "https" or not _HOST_NAME.fullmatch((url.hostname or "").lower()) or url.path in {"", "/"}:
        raise ValueError(f"expected {expected}, got {shown(text)}")
    return True


@FORMATS.checks("time-zone", ValueError)
def is_time_zone(text: object) -> bool:
    """Check the IANA name of a time zone."""
    if not isinstance(text, str):
        return True
    try:
        ZoneInfo(text)
    except (KeyError, OSError, ValueError):
        name = nearest(text, sorted(available_timezones()))
        fix = f"did you mean {name}?" if name else "names look like Europe/Berlin"
        raise ValueError(f"expected the IANA name of a time zone, got {shown(text)}; {fix}") from None
    return True
