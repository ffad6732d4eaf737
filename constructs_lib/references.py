"""What a value can refer to: another resource's attribute, and what Databricks fills in when a run starts.

Nobody types `${…}` or `{{…}}`. A `Reference` is the only thing that becomes a Terraform expression: every plain string
is escaped, or a name from a file could read files at plan time. A `DynamicValue` is plain text for Terraform, and
Databricks replaces it (https://docs.databricks.com/aws/en/jobs/dynamic-value-references).
"""

import re
from itertools import groupby
from typing import Any, NoReturn

from constructs_lib.errors import LakeflowError, caller

_EXPRESSION = re.compile(r"(?<!\$)\$\{|(?<!%)%\{")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_]+")
# cdktf looks for its own tokens in every string and fails on (or replaces) what only looks like one.
_TOKEN = "TfToken["  # noqa: S105 (a cdktf token, not a secret)
_NO_TOKEN = 'TfToken${"["}'  # noqa: S105 (the same)


def escape(text: str) -> str:
    """Return text that Terraform reads as exactly `text`, whatever is in it."""
    return text.replace("${", "$${").replace("%{", "%%{").replace(_TOKEN, _NO_TOKEN)


class Reference:
    """A Terraform expression, such as the id of another resource, in a string template.

    It is made by constructs (`warehouse.warehouse_id`), by `concat`, and for what has no construct by
    `Reference.to("databricks_group.engineers.id")`.
    """

    __slots__ = ("terraform",)

    def __init__(self, terraform: str) -> None:
        self.terraform = terraform

    @classmethod
    def to(cls, address: str) -> "Reference":
        """Return a reference to an address such as `databricks_group.engineers.id` or `var.region`."""
        return cls(f"${{{address}}}")

    def __repr__(self) -> str:
        return f"Reference({self.terraform})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reference) and other.terraform == self.terraform

    def __hash__(self) -> int:
        return hash(self.terraform)

    def __str__(self) -> NoReturn:
        raise LakeflowError(
            f"{self!r} is not known before the apply and cannot be formatted into a string",
            place=caller(),
            fix="write concat('text', reference) from constructs_lib",
        )

    def __format__(self, format_spec: str) -> NoReturn:
        str(self)
        raise AssertionError  # pragma: no cover


Text = str | Reference
"""A string, or a reference that becomes one when Terraform applies."""


def text_order(text: Text) -> str:
    """Return what texts are sorted by where their order means nothing, so that it makes no difference in a plan."""
    return text.terraform if isinstance(text, Reference) else text


def read_text(template: str) -> "Text":
    """Return what a text of Terraform JSON means: a reference where it has an expression, else what was escaped."""
    text = template.replace(_NO_TOKEN, _TOKEN)
    if _EXPRESSION.search(text):
        return Reference(template)
    return text.replace("$${", "${").replace("%%{", "%{")


def concat(*parts: Text) -> Reference:
    """Return the parts as one string, references filled in by Terraform: `concat("/Volumes/", volume.name)`."""
    joined: list[str] = []
    for is_text, group in groupby(parts, key=lambda part: isinstance(part, str)):
        texts = [part if isinstance(part, str) else part.terraform for part in group]
        joined.append(_closed(escape("".join(texts))) if is_text else "".join(texts))
    return Reference("".join(joined).replace(_TOKEN, _NO_TOKEN))


def _closed(escaped: str) -> str:
    """Return escaped text that forms no marker with what follows it: `$` at its end would with `${…}` or `{`."""
    bare = escaped.rstrip("$%")
    return f'{bare}${{"{escaped[len(bare) :]}"}}' if bare != escaped else escaped


def terraform_json(value: Any) -> Any:
    """Return `value` as Terraform JSON: references become expressions, every other string stays the text that it is."""
    if isinstance(value, Reference):
        return value.terraform
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, dict):
        return {escape(key): terraform_json(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [terraform_json(entry) for entry in value]
    return value


class DynamicValue(str):
    """Text that Databricks replaces when a run starts, such as `{{job.parameters.catalog}}`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


Secret = Reference | DynamicValue
"""What stands for a secret: a `secret_variable` of the stack, or `secret(scope, key)`; never the secret itself."""


def _quoted(name: str) -> str:
    return name if _PLAIN_NAME.fullmatch(name) else f"`{name}`"


def dynamic(*names: str) -> DynamicValue:
    """Return `{{a.b.c}}`, names that need it in backticks: `dynamic("job", "start_time", "iso_date")`."""
    return DynamicValue("{{" + ".".join(_quoted(name) for name in names) + "}}")


def parameter(name: str) -> DynamicValue:
    """Return the value of a job parameter; the job must declare it in `Operations(parameters=…)`."""
    return dynamic("job", "parameters", name)


def loop_input(*fields: str) -> DynamicValue:
    """Return the element that a for-each task's inner task works on, or one field of it."""
    return dynamic("input", *fields)


def secret(scope: str, key: str) -> DynamicValue:
    """Return a reference to a secret of a Databricks secret scope, for Spark configuration and environment variables.

    https://docs.databricks.com/aws/en/security/secrets/secrets-spark-conf-env-var
    """
    for name in (scope, key):
        if not re.fullmatch(r"[A-Za-z0-9_.@/-]+", name) or "/" in name:
            raise LakeflowError(
                f"{name!r} is not a name of a secret scope or key", fix="use letters, digits, '-', '_', '@' and '.'"
            )
    return DynamicValue("{{secrets/" + scope + "/" + key + "}}")
