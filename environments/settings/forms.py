"""What a text has to look like: one type per form, with its pattern for editors and one sentence for people.

`patternErrorMessage` and `errorMessage` are what VS Code and the YAML language server show, and what our messages say;
`errorMessage` stands alone, without the value, where the value may be a secret. A `format` is checked by `formats.py`,
where a pattern cannot tell. `x-refers-to` names the keys of which the text has to be one.
"""

from datetime import time
from typing import Annotated, Any

from pydantic import WithJsonSchema


def _text(expected: str, *examples: str, **keywords: Any) -> WithJsonSchema:
    said = {"patternErrorMessage": f"expected {expected}"} if "pattern" in keywords else {}
    return WithJsonSchema({"type": "string", **said, "examples": list(examples), **keywords})


Host = Annotated[str, _text("", "https://adb-1111111111111111.1.azuredatabricks.net", format="workspace-host")]
WorkspaceNumber = Annotated[
    str, _text("the number of a workspace, in quotes", "1111111111111111", pattern="^[0-9]{1,20}$")
]
HttpsUrl = Annotated[str, _text("", "https://github.com/example/lakeflow-jobs.git", format="https-url")]
TimeZone = Annotated[str, _text("", "Europe/Berlin", "UTC", format="time-zone")]

Uuid = Annotated[
    str,
    _text(
        "a UUID such as 2f0d6a52-8c1e-4b57-9a37-1d7c5be0a4f1",
        "2f0d6a52-8c1e-4b57-9a37-1d7c5be0a4f1",
        pattern="^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
    ),
]
Email = Annotated[
    str,
    _text(
        "an e-mail address such as data-oncall@example.com",
        "data-oncall@example.com",
        pattern=r"^[A-Za-z0-9_%+'-]+(\.[A-Za-z0-9_%+'-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$",
    ),
]
Group = Annotated[
    str,
    _text(
        "the name of a group other than admins, who manage every job anyway",
        "data-engineers",
        pattern=r"^(?!admins$)\S(.*\S)?$",
    ),
]

ResourceGroup = Annotated[
    str,
    _text(
        "1 to 90 letters, digits, hyphens, underscores, periods or parentheses, not ending with a period",
        "rg-lakeflow-prod",
        pattern=r"^[A-Za-z0-9_().-]{0,89}[A-Za-z0-9_()-]$",
    ),
]
StorageAccount = Annotated[
    str, _text("3 to 24 lower-case letters and digits", "stlakeflowprod", pattern="^[a-z0-9]{3,24}$")
]
Container = Annotated[
    str,
    _text(
        "3 to 63 lower-case letters, digits and single hyphens, starting and ending with a letter or digit",
        "tfstate",
        pattern="^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$",
    ),
]

Identifier = Annotated[
    str,
    _text(
        "a name that needs no quotes in SQL: letters, digits and underscores, not starting with a digit",
        "sales_prod",
        pattern="^[A-Za-z_][A-Za-z0-9_]{0,254}$",
    ),
]
Folder = Annotated[
    str,
    _text(
        "an absolute workspace path without a final slash, such as /Shared/lakeflow",
        "/Shared/lakeflow",
        pattern="^(/[A-Za-z0-9_@+-][A-Za-z0-9_@.+-]*)+$",
    ),
]
NodeType = Annotated[
    str,
    _text("an Azure node type such as Standard_D4ds_v5", "Standard_D4ds_v5", pattern="^Standard_[A-Z][A-Za-z0-9_-]*$"),
]
SparkVersion = Annotated[
    str,
    _text(
        "a Databricks runtime such as 16.4.x-scala2.12",
        "16.4.x-scala2.12",
        pattern=r"^[1-9][0-9]\.[0-9]+\.x-([a-z0-9]+-)*scala2\.1[23]$",
    ),
]
PolicyId = Annotated[
    str,
    _text("the id of a cluster policy, 16 hexadecimal digits", "001A2B3C4D5E6F70", pattern="^[0-9A-Fa-f]{16}$"),
]
PoolId = Annotated[
    str,
    _text(
        "the id of an instance pool: letters, digits and hyphens",
        "0727-104344-hauls13-pool-uftxk0r6",
        pattern="^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$",
    ),
]

GitName = Annotated[
    str,
    _text("the name of a branch or tag, without spaces", "main", pattern=r"^(?!-)(?!.*\.\.)[^\s~^:?*\[\\]+$"),
]
Commit = Annotated[
    str,
    _text(
        "the 40 lower-case hexadecimal digits of a commit",
        "9fceb02d0ae598e95dc970b74767f19372d61af8",
        pattern="^[0-9a-f]{40}$",
    ),
]

VariableName = Annotated[
    str,
    _text(
        "",
        "SLACK_ON_CALL_URL",
        pattern="^[A-Za-z_][A-Za-z0-9_-]*$",
        errorMessage="expected the name of a Terraform variable, such as SLACK_ON_CALL_URL",
    ),
]
DestinationName = Annotated[
    str, _text("a name of lower-case letters, digits and underscores", "on_call", pattern="^[a-z][a-z0-9_]*$")
]
DefinedDestination = Annotated[str, _text("", "on_call", **{"x-refers-to": "notifications.destinations"})]

RuleCode = Annotated[
    str,
    _text(
        "the code of a rule, such as LF501, or the beginning of several, such as LF5",
        "LF501",
        pattern="^L[FPR][0-9]{0,3}$",
    ),
]
TagName = Annotated[
    str,
    _text(
        r"1 to 512 characters, none of them < > * & % ; \ / + ?",
        "cost_center",
        pattern=r"^[^<>*&%;\\/+?\x00-\x1f]{1,512}$",
    ),
]
TagValue = Annotated[str, _text("at most 256 characters on one line", "4711", pattern=r"^[^\x00-\x1f]{0,256}$")]

TimeOfDay = Annotated[
    time, _text("a time of day from 00:00 to 23:59", "05:30", pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")
]
