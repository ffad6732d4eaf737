"""Files of DBFS: https://docs.databricks.com/api/workspace/dbfs."""

import base64
from collections.abc import Iterator
from pathlib import PurePosixPath

from lakeflow.workspace.exchange import Json, RefusedError, Request, Route, Routes, exists, invalid, missing
from lakeflow.workspace.fields import fields, text, truth, whole
from lakeflow.workspace.state import State

_TAKES = fields(path=text, contents=text, overwrite=truth, recursive=truth, handle=whole, data=text)
_MOST = 1024 * 1024
_HANDLE = "handle:"
"""In front of the key of a file that is being written; no path begins so."""


class Dbfs:
    """put, read, list, mkdirs, delete, and writing in blocks; a directory is one in which something is, or made."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._files = state.tables["dbfs"]

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /dbfs/put": Route("write a small file", self._put, _TAKES),
            "POST /dbfs/create": Route("begin to write a file in blocks", self._create, _TAKES),
            "POST /dbfs/add-block": Route("write a block of a file", self._add_block, _TAKES),
            "POST /dbfs/close": Route("end a file that was written in blocks", self._close, _TAKES),
            "GET /dbfs/read": Route("read a piece of a file, of a megabyte at most", self._read),
            "GET /dbfs/get-status": Route("tell what is at a path", lambda request: self._shown(self._found(request))),
            "GET /dbfs/list": Route("list a directory", self._list),
            "POST /dbfs/mkdirs": Route("make a directory", self._mkdirs, _TAKES),
            "POST /dbfs/delete": Route("delete a file, or with `recursive` a directory", self._delete, _TAKES),
        }

    def _put(self, request: Request) -> Json:
        self._write(_path(request), _decoded(request.body.get("contents", "")), request)
        return {}

    def _write(self, path: str, content: bytes, request: Request) -> None:
        if self._is_directory(path):
            raise invalid(f"{path} is a directory.")
        if path in self._files and not request.flag("overwrite"):
            raise exists(f"A file or directory already exists at the input path {path}.")
        self._files[path] = {"content": base64.b64encode(content).decode(), "modified": request.at}

    def _create(self, request: Request) -> Json:
        self._write(_path(request), b"", request)
        handle = self._state.next_number()
        self._files[f"{_HANDLE}{handle}"] = {"path": _path(request)}
        return {"handle": handle}

    def _opened(self, request: Request) -> str:
        key = f"{_HANDLE}{request.number('handle')}"
        if key not in self._files:
            raise missing(f"No handle {request.number('handle')} is open.")
        return key

    def _add_block(self, request: Request) -> Json:
        path, added = self._files[self._opened(request)]["path"], _decoded(request.body.get("data", ""))
        if path not in self._files:
            raise missing(f"No file exists at {path}.")
        whole_file = base64.b64decode(self._files[path]["content"]) + added
        self._files[path] = {"content": base64.b64encode(whole_file).decode(), "modified": request.at}
        return {}

    def _close(self, request: Request) -> Json:
        del self._files[self._opened(request)]
        return {}

    def _found(self, request: Request) -> str:
        path = _path(request)
        if path not in self._files and not self._is_directory(path):
            raise missing(f"No file or directory exists on path {path}.")
        return path

    def _is_directory(self, path: str) -> bool:
        made = path in self._files and "content" not in self._files[path]
        return path == "/" or made or next(self._below(path), None) is not None

    def _below(self, path: str) -> Iterator[str]:
        inside = f"{path.rstrip('/')}/"
        return (name for name in self._files if name.startswith(inside) and name != path)

    def _shown(self, path: str) -> Json:
        kept = self._files.get(path, {})
        is_file = "content" in kept
        size = len(base64.b64decode(kept["content"])) if is_file else 0
        return {
            "path": path,
            "is_dir": not is_file,
            "file_size": size,
            "modification_time": kept.get("modified", 0),
        }

    def _list(self, request: Request) -> Json:
        path = self._found(request)
        if not self._is_directory(path):
            return {"files": [self._shown(path)]}
        inside = path.rstrip("/")
        names = sorted({name[len(inside) + 1 :].partition("/")[0] for name in self._below(path)})
        return {"files": [self._shown(f"{inside}/{name}") for name in names]} if names else {}

    def _read(self, request: Request) -> Json:
        path = self._found(request)
        if self._is_directory(path):
            raise invalid(f"{path} is a directory.")
        offset, length = request.count("offset", 0), min(request.count("length", _MOST), _MOST)
        piece = base64.b64decode(self._files[path]["content"])[offset : offset + length]
        return {"bytes_read": len(piece), "data": base64.b64encode(piece).decode()}

    def _mkdirs(self, request: Request) -> Json:
        path = _path(request)
        if path in self._files and "content" in self._files[path]:
            raise exists(f"A file already exists at the input path {path}.")
        self._files.setdefault(path, {"modified": request.at})
        return {}

    def _delete(self, request: Request) -> Json:
        path = _path(request)
        inside = list(self._below(path))
        if inside and not request.flag("recursive"):
            raise RefusedError(400, "IO_ERROR", f"The directory {path} is not empty.")
        for name in (path, *inside):
            self._files.pop(name, None)
        return {}


def _path(request: Request) -> str:
    path = request.text("path").removeprefix("dbfs:")
    if not path.startswith("/"):
        raise invalid(f"Path must be absolute: {path}")
    return str(PurePosixPath("/" + path.strip("/")))


def _decoded(written: str) -> bytes:
    try:
        content = base64.b64decode(written, validate=True)
    except ValueError:
        raise invalid("The content is not encoded in base64.") from None
    if len(content) > _MOST:
        raise RefusedError(400, "MAX_BLOCK_SIZE_EXCEEDED", f"A block has at most {_MOST} bytes.")
    return content
