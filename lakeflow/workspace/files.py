"""Files and directories of volumes: https://docs.databricks.com/api/workspace/files.

A directory is there when it was made, when something is in it, and when it is a volume.
"""

import base64
from collections.abc import Iterator
from pathlib import PurePosixPath

from lakeflow.workspace.exchange import Answer, Json, RefusedError, Request, Route, Routes, exists, missing
from lakeflow.workspace.masks import moment
from lakeflow.workspace.paging import page
from lakeflow.workspace.state import State

_DATE = "%a, %d %b %Y %H:%M:%S GMT"


class Files:
    """upload, download, metadata and delete; directories need not be made before."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._files = state.tables["files"]
        self._directories = state.tables["directories"]

    def routes(self) -> Routes:
        """Return what answers which path."""
        file, directory = "/fs/files/{path...}", "/fs/directories/{path...}"
        return {
            f"PUT {file}": Route("upload a file", self._upload),
            f"GET {file}": Route("download a file", self._download),
            f"HEAD {file}": Route("tell size and time of a file", self._download),
            f"DELETE {file}": Route("delete a file", self._delete),
            f"PUT {directory}": Route("make a directory with those it lies in", self._make),
            f"GET {directory}": Route("list a directory", self._list),
            f"HEAD {directory}": Route("tell whether a directory exists", self._head),
            f"DELETE {directory}": Route("delete an empty directory", self._remove),
        }

    def _upload(self, request: Request) -> Answer:
        path = _path(request)
        if self._is_directory(path):
            raise RefusedError(409, "ALREADY_EXISTS", f"The path /{path} is a directory.")
        if path in self._files and not request.query.get("overwrite") == "true":
            raise exists(f"The file /{path} already exists.")
        self._files[path] = {"content": base64.b64encode(request.content).decode(), "modified": request.at}
        return Answer(status=204)

    def _download(self, request: Request) -> Answer:
        file = self._file(request)
        return Answer(
            body=base64.b64decode(file["content"]),
            headers={"Content-Type": "application/octet-stream", "Last-Modified": moment(file["modified"], _DATE)},
        )

    def _delete(self, request: Request) -> Answer:
        self._file(request)
        del self._files[_path(request)]
        return Answer(status=204)

    def _file(self, request: Request) -> Json:
        path = _path(request)
        if path not in self._files:
            raise missing(f"The file /{path} does not exist.")
        file: Json = self._files[path]
        return file

    def _make(self, request: Request) -> Answer:
        path = _path(request)
        if path in self._files:
            raise RefusedError(409, "ALREADY_EXISTS", f"The path /{path} is a file.")
        self._directories.setdefault(path, {"made": request.at})
        return Answer(status=204)

    def _is_directory(self, path: str) -> bool:
        parts = path.split("/")
        is_volume = parts[0] == "Volumes" and len(parts) == 4 and ".".join(parts[1:]) in self._state.tables["volumes"]
        return is_volume or path in self._directories or next(self._below(path), None) is not None

    def _below(self, path: str) -> Iterator[str]:
        """Yield the paths of all that is in a directory, at any depth."""
        inside = f"{path}/"
        for table in (self._files, self._directories):
            yield from (name for name in table if name.startswith(inside))

    def _directory(self, request: Request) -> str:
        path = _path(request)
        if not self._is_directory(path):
            raise missing(f"The directory /{path} does not exist.")
        return path

    def _head(self, request: Request) -> Answer:
        self._directory(request)
        return Answer()

    def _list(self, request: Request) -> Json:
        path = self._directory(request)
        names = sorted({name.removeprefix(f"{path}/").partition("/")[0] for name in self._below(path)})
        return page((self._entry(f"{path}/{name}") for name in names), request, "contents")

    def _entry(self, path: str) -> Json:
        shown: Json = {"path": f"/{path}", "name": PurePosixPath(path).name, "is_directory": path not in self._files}
        if path in self._files:
            file = self._files[path]
            shown.update(file_size=len(base64.b64decode(file["content"])), last_modified=file["modified"])
        return shown

    def _remove(self, request: Request) -> Answer:
        path = self._directory(request)
        if next(self._below(path), None) is not None:
            raise RefusedError(400, "DIRECTORY_NOT_EMPTY", f"The directory /{path} is not empty.")
        self._directories.pop(path, None)
        return Answer(status=204)


def _path(request: Request) -> str:
    return request.parts["path"].strip("/")
