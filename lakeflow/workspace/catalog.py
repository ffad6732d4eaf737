"""Schemas and volumes of Unity Catalog; any catalog that they name exists.

https://docs.databricks.com/api/workspace/schemas and https://docs.databricks.com/api/workspace/volumes
"""

from lakeflow.workspace.exchange import Json, RefusedError, Request, Routes
from lakeflow.workspace.state import State, Table

METASTORE = "11111111-2222-3333-4444-555555555555"


class _Securables:
    """Objects with a full name, an owner and grants."""

    def __init__(self, state: State, table: str, noun: str) -> None:
        self._state = state
        self._noun = noun
        self._securables = Table(state, table, noun)

    def _add(self, full_name: str, request: Request, further: Json) -> Json:
        if full_name in self._securables:
            code = f"{self._noun.upper()}_ALREADY_EXISTS"
            raise RefusedError(400, code, f"{self._noun} '{full_name}' already exists")
        self._securables[full_name] = {
            "owner": request.caller,
            **request.body,
            **further,
            "full_name": full_name,
            "metastore_id": METASTORE,
            "created_at": request.at,
            "created_by": request.caller,
            "updated_at": request.at,
            "updated_by": request.caller,
        }
        return self._securables[full_name]

    def _read(self, request: Request) -> Json:
        return self._securables[request.parts["name"]]

    def _change(self, request: Request) -> Json:
        securable = self._securables[request.parts["name"]]
        securable.update({name: value for name, value in request.body.items() if name != "new_name"})
        securable.update(updated_at=request.at, updated_by=request.caller)
        return securable

    def _delete(self, request: Request) -> Json:
        del self._securables[request.parts["name"]]
        self._state.tables["grants"].pop(f"{self._noun.lower()}/{request.parts['name']}", None)
        return {}


class Schemas(_Securables):
    """create, get, list, update and delete; and the metastore that they are in."""

    def __init__(self, state: State) -> None:
        super().__init__(state, "schemas", "Schema")

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /unity-catalog/schemas": self._create,
            "GET /unity-catalog/schemas": self._list,
            "GET /unity-catalog/schemas/{name}": self._read,
            "PATCH /unity-catalog/schemas/{name}": self._change,
            "DELETE /unity-catalog/schemas/{name}": self._delete_empty,
            "GET /unity-catalog/current-metastore-assignment": lambda _: {"metastore_id": METASTORE, "workspace_id": 1},
            "GET /unity-catalog/metastore_summary": lambda _: {"metastore_id": METASTORE, "name": "local"},
        }

    def _create(self, request: Request) -> Json:
        full_name = f"{request.text('catalog_name')}.{request.text('name')}"
        return self._add(full_name, request, {"schema_id": self._state.next_uuid()})

    def _list(self, request: Request) -> Json:
        catalog = request.text("catalog_name")
        return {"schemas": [schema for schema in self._securables.rows() if schema["catalog_name"] == catalog]}

    def _delete_empty(self, request: Request) -> Json:
        inside = [name for name in self._state.tables["volumes"] if name.startswith(f"{request.parts['name']}.")]
        if inside and request.query.get("force") != "true":
            raise RefusedError(
                400, "SCHEMA_NOT_EMPTY", f"Schema '{request.parts['name']}' is not empty: it holds {inside[0]}"
            )
        for name in inside:
            del self._state.tables["volumes"][name]
        return self._delete(request)


class Volumes(_Securables):
    """create, get, list, update and delete."""

    def __init__(self, state: State) -> None:
        super().__init__(state, "volumes", "Volume")

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /unity-catalog/volumes": self._create,
            "GET /unity-catalog/volumes": self._list,
            "GET /unity-catalog/volumes/{name}": self._read,
            "PATCH /unity-catalog/volumes/{name}": self._change,
            "DELETE /unity-catalog/volumes/{name}": self._delete,
        }

    def _create(self, request: Request) -> Json:
        schema = f"{request.text('catalog_name')}.{request.text('schema_name')}"
        Table(self._state, "schemas", "Schema")[schema]  # or there is none
        full_name = f"{schema}.{request.text('name')}"
        key = self._state.next_uuid()
        location = {"storage_location": f"abfss://volumes@local.dfs.core.windows.net/{key}"}
        return self._add(full_name, request, {"volume_id": key, **location, **request.body})

    def _list(self, request: Request) -> Json:
        within = (request.text("catalog_name"), request.text("schema_name"))
        rows = self._securables.rows()
        return {"volumes": [row for row in rows if (row["catalog_name"], row["schema_name"]) == within]}
