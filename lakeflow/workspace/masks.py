"""Updates that name the fields they change (`update_mask`), and times as text.

https://docs.databricks.com/api/workspace/queries/update
"""

from datetime import UTC, datetime

from lakeflow.workspace.exchange import Json

_OURS = frozenset(
    {"id", "owner_user_name", "lifecycle_state", "create_time", "update_time", "parent_path", "last_modifier_user_name"}
)
"""What the workspace says of an object, and no update changes."""


def masked(row: Json, changes: Json, mask: str | None) -> None:
    """Change the fields of a row that the mask names (every field given where it is `*` or says none)."""
    names = [name.strip() for name in (mask or "*").split(",")]
    for name in [*changes] if "*" in names else names:
        field = name.partition(".")[0]
        if field in _OURS:
            continue
        if field in changes:
            row[field] = changes[field]
        else:
            row.pop(field, None)


def moment(at: int, form: str = "%Y-%m-%dT%H:%M:%SZ") -> str:
    """Return a time in milliseconds since 1970 as text: ISO 8601 in UTC unless said otherwise."""
    return datetime.fromtimestamp(at / 1000, UTC).strftime(form)
