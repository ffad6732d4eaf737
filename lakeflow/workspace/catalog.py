"""Catalogs, schemas and volumes of Unity Catalog.

A schema may be put into a catalog that nobody has created, as every catalog that a schema names is there.
https://docs.databricks.com/api/workspace/catalogs, https://docs.databricks.com/api/workspace/schemas and
https://docs.databricks.com/api/workspace/volumes
"""

from lakeflow.workspace.exchange import Json, RefusedError, Request, Route, Routes, invalid, missing
from lakeflow.workspace.fields import fields, labels, text, truth
from lakeflow.workspace.paging import page
from lakeflow.workspace.state import State, Table

METASTORE = "11111111-2222-3333-4444-555555555555"
_USUAL = ("main", "samples", "system")
"""Catalogs that every workspace has."""
_TAKES = fields(
    name=text,
    new_name=text,
    catalog_name=text,
    schema_name=text,
    volume_type=text,
    comment=text,
    owner=text,
    storage_root=text,
    storage_location=text,
    isolation_mode=text,
    enable_predictive_optimization=text,
    properties=labels,
    options=labels,
    force=truth,
)
_NO_NAME = frozenset("./ ")


class _Securables:
    """Objects with a full name, an owner and grants."""

    def __init__(self, state: State, table: str, noun: str) -> None:
        self._state = state
        self._noun = noun
        self._securables = Table(state, table, noun)

    def _add(self, full_name: str, request: Request, further: Json) -> Json:
        name = request.text("name")
        if _NO_NAME & set(name) or len(name) > 255:
            raise invalid(f"'{name}' is not a valid name: it has a period, a space or a slash, or is too long")
        if full_name in self._securables:
            raise self._taken(full_name)
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

    def _taken(self, full_name: str) -> RefusedError:
        code = f"{self._noun.upper()}_ALREADY_EXISTS"
        return RefusedError(400, code, f"{self._noun} '{full_name}' already exists")

    def _read(self, request: Request) -> Json:
        return self._securables[request.parts["name"]]

    def _change(self, request: Request) -> Json:
        securable = self._securables[request.parts["name"]]
        new_name = request.body.get("new_name")
        if new_name:
            raise RefusedError(400, "BAD_REQUEST", "A new name is not supported here: delete and create it anew")
        identity = ("name", "catalog_name", "schema_name", "full_name", "volume_type")
        securable.update({name: value for name, value in request.body.items() if name not in identity})
        securable.update(updated_at=request.at, updated_by=request.caller)
        return securable

    def _delete(self, request: Request) -> Json:
        self._drop(request.parts["name"])
        return {}

    def _drop(self, full_name: str) -> None:
        del self._securables[full_name]
        self._state.tables["grants"].pop(f"{self._noun.lower()}/{full_name}", None)


class Catalogs(_Securables):
    """create, get, list, update and delete; and the metastore that they are in."""

    def __init__(self, state: State) -> None:
        super().__init__(state, "catalogs", "Catalog")

    def routes(self) -> Routes:
        """Return what answers which path."""
        assigned: Json = {"metastore_id": METASTORE, "workspace_id": 1, "default_catalog_name": "main"}
        metastore: Json = {"metastore_id": METASTORE, "name": "local"}
        path = "/unity-catalog/catalogs"
        return {
            f"POST {path}": Route("create a catalog", self._create, _TAKES),
            f"GET {path}": Route("list catalogs", self._list),
            f"GET {path}/{{name}}": Route("read a catalog", self._read),
            f"PATCH {path}/{{name}}": Route("change a catalog", self._change, _TAKES),
            f"DELETE {path}/{{name}}": Route("delete a catalog, with `force` all that is in it", self._delete),
            "GET /unity-catalog/current-metastore-assignment": Route(
                "tell the workspace's metastore", lambda _: assigned
            ),
            "GET /unity-catalog/metastore_summary": Route("describe the metastore", lambda _: metastore),
            "GET /unity-catalog/metastores": Route("list metastores", lambda _: {"metastores": [metastore]}),
        }

    def _create(self, request: Request) -> Json:
        name = request.text("name")
        if name in _USUAL:
            raise self._taken(name)
        return self._add(name, request, {"catalog_type": "MANAGED_CATALOG"})

    def _list(self, request: Request) -> Json:
        return page([self._catalog(name) for name in self._names()], request, "catalogs", size="max_results")

    def _names(self) -> list[str]:
        named = [schema["catalog_name"] for schema in self._state.tables["schemas"].values()]
        return sorted({*_USUAL, *self._securables, *named})

    def _catalog(self, name: str) -> Json:
        if name in self._securables:
            return self._securables[name]
        return {"name": name, "full_name": name, "owner": "System user", "metastore_id": METASTORE}

    def _read(self, request: Request) -> Json:
        name = request.parts["name"]
        if name not in self._names():
            raise missing(f"Catalog '{name}' does not exist.")
        return self._catalog(name)

    def _delete(self, request: Request) -> Json:
        name = request.parts["name"]
        schemas = Schemas(self._state)
        inside = schemas.of(name)
        if inside and not request.flag("force"):
            raise RefusedError(400, "CATALOG_NOT_EMPTY", f"Catalog '{name}' is not empty: it holds {inside[0]}")
        self._securables[name]  # or there is none
        for schema in inside:
            schemas.drop(schema)
        return super()._delete(request)


class Schemas(_Securables):
    """create, get, list, update and delete."""

    def __init__(self, state: State) -> None:
        super().__init__(state, "schemas", "Schema")

    def routes(self) -> Routes:
        """Return what answers which path."""
        path = "/unity-catalog/schemas"
        return {
            f"POST {path}": Route("create a schema, in any catalog", self._create, _TAKES),
            f"GET {path}": Route("list the schemas of a catalog", self._list),
            f"GET {path}/{{name}}": Route("read a schema", self._read),
            f"PATCH {path}/{{name}}": Route("change a schema", self._change, _TAKES),
            f"DELETE {path}/{{name}}": Route("delete a schema, with `force` its volumes too", self._delete),
        }

    def of(self, catalog: str) -> list[str]:
        """Return the full names of a catalog's schemas."""
        return [name for name in self._securables if name.startswith(f"{catalog}.")]

    def _create(self, request: Request) -> Json:
        full_name = f"{request.text('catalog_name')}.{request.text('name')}"
        return self._add(full_name, request, {"schema_id": self._state.next_uuid()})

    def _list(self, request: Request) -> Json:
        catalog = request.text("catalog_name")
        rows = [schema for schema in self._securables.rows() if schema["catalog_name"] == catalog]
        return page(rows, request, "schemas", size="max_results")

    def _delete(self, request: Request) -> Json:
        name = request.parts["name"]
        self._securables[name]  # or there is none
        inside = self._volumes(name)
        if inside and not request.flag("force"):
            raise RefusedError(400, "SCHEMA_NOT_EMPTY", f"Schema '{name}' is not empty: it holds {inside[0]}")
        self.drop(name)
        return {}

    def _volumes(self, schema: str) -> list[str]:
        return [name for name in self._state.tables["volumes"] if name.startswith(f"{schema}.")]

    def drop(self, full_name: str) -> None:
        """Delete a schema with its volumes."""
        volumes = Volumes(self._state)
        for name in self._volumes(full_name):
            volumes.drop(name)
        self._drop(full_name)


class Volumes(_Securables):
    """create, get, list, update and delete."""

    def __init__(self, state: State) -> None:
        super().__init__(state, "volumes", "Volume")

    def routes(self) -> Routes:
        """Return what answers which path."""
        path = "/unity-catalog/volumes"
        return {
            f"POST {path}": Route("create a volume", self._create, _TAKES),
            f"GET {path}": Route("list the volumes of a schema", self._list),
            f"GET {path}/{{name}}": Route("read a volume", self._read),
            f"PATCH {path}/{{name}}": Route("change a volume", self._change, _TAKES),
            f"DELETE {path}/{{name}}": Route("delete a volume, with its files", self._delete),
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
        rows = [row for row in self._securables.rows() if (row["catalog_name"], row["schema_name"]) == within]
        return page(rows, request, "volumes", size="max_results")

    def _delete(self, request: Request) -> Json:
        self.drop(request.parts["name"])
        return {}

    def drop(self, full_name: str) -> None:
        """Delete a volume with all that is in it."""
        self._drop(full_name)
        inside = f"Volumes/{full_name.replace('.', '/')}/"
        for table in ("files", "directories"):
            rows = self._state.tables[table]
            for path in [path for path in rows if path.startswith(inside)]:
                del rows[path]
