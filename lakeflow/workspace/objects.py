"""Notebooks, files and directories of the workspace: https://docs.databricks.com/api/workspace/workspace.

`/Workspace/Shared/x` and `/Shared/x` are the same object. In Databricks a directory has to exist before something is
imported into it; here an import makes it, unless `makes_folders` is switched off. For the provider makes a folder only
after an import was refused for want of it, and where another file has made the folder by the time that it looks, it
gives up the refused one (workspace/resource_workspace_file.go): a first deploy of several files at once fails so.
"""

import base64
from email import message_from_bytes
from pathlib import PurePosixPath

from lakeflow.workspace.exchange import Answer, Json, RefusedError, Request, Route, Routes, exists, invalid, missing
from lakeflow.workspace.fields import fields, text, truth
from lakeflow.workspace.state import State

_LANGUAGES = {".py": "PYTHON", ".sql": "SQL", ".scala": "SCALA", ".r": "R"}
_MARKS = (b"# Databricks notebook source", b"-- Databricks notebook source", b"// Databricks notebook source")
_KINDS = {"NOTEBOOK": "notebooks", "FILE": "files", "DIRECTORY": "directories"}
_ROOTS = ("/", "/Shared", "/Users", "/Repos")
_TAKES = fields(path=text, format=text, language=text, content=text, overwrite=truth, recursive=truth)
_FORMATS = frozenset({"SOURCE", "HTML", "JUPYTER", "DBC", "R_MARKDOWN", "AUTO", "RAW"})


class Objects:
    """get-status, list, mkdirs, import, export and delete."""

    def __init__(self, state: State, *, makes_folders: bool = True) -> None:
        self._state = state
        self._objects = state.tables["objects"]
        self._makes_folders = makes_folders

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "GET /workspace/get-status": Route("tell what an object of the workspace is", self._status),
            "GET /workspace/list": Route("list a folder", self._list),
            "POST /workspace/mkdirs": Route("make a folder with those it lies in", self._mkdirs, _TAKES),
            "POST /workspace/import": Route("put a notebook or file into the workspace", self._import),
            "POST /workspace-files/import-file/{path...}": Route("put a file into the workspace", self._import_file),
            "GET /workspace-files/{path...}": Route("read the bytes of a file", self._file),
            "GET /workspace/export": Route("read a notebook or file", self._export),
            "POST /workspace/delete": Route(
                "delete an object, with `recursive` a folder that is full", self._delete, _TAKES
            ),
        }

    def _status(self, request: Request) -> Json:
        return _shown(self._object(request.text("path")))

    def _object(self, path: str) -> Json:
        path = without_prefix(path)
        if path in self._objects:
            known: Json = self._objects[path]
            return known
        if is_directory(self._state, path):
            return {"object_type": "DIRECTORY", "path": path, "object_id": 0}
        raise missing(f"Path ({path}) doesn't exist.")

    def _list(self, request: Request) -> Json:
        path = without_prefix(request.text("path"))
        found = self._object(path)
        if found["object_type"] != "DIRECTORY":
            return {"objects": [_shown(found)]}
        inside = [_shown(row) for name, row in self._objects.items() if str(PurePosixPath(name).parent) == path]
        return {"objects": inside} if inside else {}

    def _mkdirs(self, request: Request) -> Json:
        self._make(PurePosixPath(without_prefix(request.text("path"))), request)
        return {}

    def _make(self, path: PurePosixPath, request: Request) -> None:
        for folder in [*reversed(path.parents), path]:
            name = str(folder)
            if self._objects.get(name, {}).get("object_type", "DIRECTORY") != "DIRECTORY":
                raise exists(f"Cannot create directory {path}: {name} is no directory.")
            if name not in self._objects and not is_directory(self._state, name):
                self._put(name, {"object_type": "DIRECTORY"}, request)

    def _import(self, request: Request) -> Json:
        sent = _sent(request)
        path, kind = without_prefix(sent.get("path", "")), sent.get("format") or "SOURCE"
        if kind not in _FORMATS:
            raise invalid(f"The format {kind} is none of {', '.join(sorted(_FORMATS))}.")
        if kind == "DBC":
            raise RefusedError(400, "BAD_REQUEST", "DBC archives are not read here: import the notebooks in them")
        try:
            content = base64.b64decode(sent.get("content", ""), validate=True)
        except ValueError:
            raise invalid("The content is not encoded in base64.") from None
        language = sent.get("language") or _language(path)
        if kind in {"SOURCE", "JUPYTER"} and not language:
            raise invalid("The language of a notebook is required.")
        notebook = kind in {"SOURCE", "JUPYTER"} or (kind == "AUTO" and content.startswith(_MARKS))
        if notebook and kind == "AUTO":
            path = str(PurePosixPath(path).with_suffix(""))
        said = {"object_type": "NOTEBOOK", "language": language} if notebook else {"object_type": "FILE"}
        self._write(path, said, content, request, overwrite=sent.get("overwrite", False))
        return {}

    def _import_file(self, request: Request) -> Json:
        path = without_prefix("/" + request.parts["path"].lstrip("/"))
        overwrite = request.query.get("overwrite") == "true"
        self._write(path, {"object_type": "FILE"}, request.content, request, overwrite=overwrite)
        return {}

    def _write(self, path: str, said: Json, content: bytes, request: Request, *, overwrite: bool) -> None:
        parent = str(PurePosixPath(path).parent)
        if not is_directory(self._state, parent) and not self._makes_folders:
            raise missing(f"The parent folder ({parent}) does not exist.")
        if path == "/" or path in _ROOTS:
            raise invalid(f"Cannot import into {path}: it is a folder.")
        known = self._objects.get(path)
        if known and known["object_type"] != said["object_type"]:
            raise invalid(f"Cannot overwrite the {known['object_type'].lower()} {path} by another kind of object.")
        if known and not overwrite:
            raise exists(f"{path} already exists. Please pass overwrite=true to overwrite it.")
        self._make(PurePosixPath(parent), request)
        self._put(path, {**said, "content": base64.b64encode(content).decode(), "size": len(content)}, request)

    def _put(self, path: str, row: Json, request: Request) -> None:
        known = self._objects.get(path) or {
            "object_id": self._state.next_number(),
            "created_at": request.at,
            "creator": request.caller,
        }
        kept = {name: known[name] for name in ("object_id", "created_at", "creator")}
        self._objects[path] = {
            **row,
            **kept,
            "path": path,
            "resource_id": str(known["object_id"]),
            "modified_at": request.at,
        }

    def _export(self, request: Request) -> Json | Answer:
        found = self._object(request.text("path"))
        if found["object_type"] == "DIRECTORY":
            raise invalid(f"{found['path']} is a directory, which is not exported here.")
        if request.query.get("direct_download") == "true":
            return _bytes(found)
        return {"content": found["content"]}

    def _file(self, request: Request) -> Answer:
        found = self._object(f"/{request.parts['path'].lstrip('/')}")
        if found["object_type"] == "DIRECTORY":
            raise invalid(f"{found['path']} is a directory.")
        return _bytes(found)

    def _delete(self, request: Request) -> Json:
        path = self._object(request.text("path"))["path"]
        inside = [name for name in self._objects if name.startswith(f"{path}/")]
        if inside and not request.flag("recursive"):
            raise RefusedError(400, "DIRECTORY_NOT_EMPTY", f"Folder ({path}) is not empty")
        for name in [path, *inside]:
            row = self._objects.pop(name, None)
            if row:
                key = f"{_KINDS[row['object_type']]}/{row['object_id']}"
                self._state.tables["permissions"].pop(key, None)
        return {}


def without_prefix(path: str) -> str:
    """Return a path as it is kept: without `/Workspace` and without a slash at its end."""
    if path == "/Workspace" or path.startswith("/Workspace/"):
        path = path.removeprefix("/Workspace") or "/"
    if not path.startswith("/"):
        raise invalid(f"Path ({path}) doesn't start with '/'")
    return path.rstrip("/") or "/"


def is_directory(state: State, path: str) -> bool:
    """Return whether a directory exists; the roots and the homes of users always do."""
    known = state.tables["objects"].get(path)
    if known:
        return bool(known["object_type"] == "DIRECTORY")
    return path in _ROOTS or (str(PurePosixPath(path).parent) == "/Users" and "@" in path)


def parent_of(state: State, given: object, request: Request) -> str:
    """Return the directory that an object is put into: the caller's home where none is given, refused without it."""
    path = without_prefix(str(given or f"/Users/{request.caller}"))
    if not is_directory(state, path):
        raise missing(f"Path ({path}) doesn't exist.")
    return path


def _bytes(row: Json) -> Answer:
    return Answer(body=base64.b64decode(row["content"]), headers={"Content-Type": "application/octet-stream"})


def _shown(row: Json) -> Json:
    hidden = {"content", "creator"} if row["object_type"] == "FILE" else {"content", "creator", "size"}
    return {name: value for name, value in row.items() if name not in hidden}


def _language(path: str) -> str | None:
    return _LANGUAGES.get(PurePosixPath(path).suffix.lower())


def _sent(request: Request) -> Json:
    """Return the fields of an import, which is JSON or a form with the content as it is."""
    kind = request.headers.get("content-type", "")
    if "multipart/form-data" not in kind:
        return _TAKES(request.body, "")
    head = f"Content-Type: {' '.join(kind.split())}\r\n\r\n"
    form = message_from_bytes(head.encode() + request.content)
    sent: Json = {}
    for part in form.walk():
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(value, bytes):
            sent[name] = base64.b64encode(value).decode() if name == "content" else value.decode(errors="replace")
    return _TAKES(sent, "")
