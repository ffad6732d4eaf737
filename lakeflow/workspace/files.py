"""Files of volumes: https://docs.databricks.com/api/workspace/files."""

import base64

from lakeflow.workspace.exchange import Answer, Json, Request, Routes, exists, missing
from lakeflow.workspace.masks import moment
from lakeflow.workspace.state import State

_DATE = "%a, %d %b %Y %H:%M:%S GMT"


class Files:
    """upload, download, metadata and delete; directories need not be made before."""

    def __init__(self, state: State) -> None:
        self._files = state.tables["files"]

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "PUT /fs/files/{path...}": self._upload,
            "GET /fs/files/{path...}": self._download,
            "HEAD /fs/files/{path...}": self._download,
            "DELETE /fs/files/{path...}": self._delete,
            "PUT /fs/directories/{path...}": lambda _: Answer(status=204),
        }

    def _upload(self, request: Request) -> Answer:
        path = request.parts["path"]
        if path in self._files and request.query.get("overwrite") != "true":
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
        del self._files[request.parts["path"]]
        return Answer(status=204)

    def _file(self, request: Request) -> Json:
        path = request.parts["path"]
        if path not in self._files:
            raise missing(f"The file /{path} does not exist.")
        file: Json = self._files[path]
        return file
