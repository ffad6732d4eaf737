"""What tests of constructs look at: the one resource of a type, and what of it a construct cannot say."""

from typing import Any

from constructs_lib.provider import problems, schema

_EVERYWHERE = {"id", "provider_config", "timeouts"}
"""Terraform's own, and where the workspace lies, which the provider of the stack says."""


def only(document: dict[str, Any], resource_type: str) -> dict[str, Any]:
    """Return the body of the only resource of a type, which the provider's schema takes."""
    (body,) = document["resource"][resource_type].values()
    assert problems(resource_type, body) == []
    found: dict[str, Any] = body
    return found


def unsaid(resource_type: str, body: dict[str, Any]) -> set[str]:
    """Return the attributes of a type that could be given and are not in a body."""
    attributes = schema(resource_type).body.attributes.values()
    return {each.name for each in attributes if not each.read_only} - body.keys() - _EVERYWHERE


def granted(document: dict[str, Any], field: str) -> tuple[str, list[dict[str, str]]]:
    """Return the object of the only permissions of a document, by what they call its id, and the grants."""
    body = only(document, "databricks_permissions")
    assert body.keys() == {field, "access_control"}
    return body[field], body["access_control"]
