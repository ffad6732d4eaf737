"""Who asks: https://docs.databricks.com/api/workspace/currentuser/me."""

from lakeflow.workspace.exchange import Json, Request, Routes


class Identity:
    """Me."""

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {"GET /preview/scim/v2/Me": self._me}

    def _me(self, request: Request) -> Json:
        return {
            "id": "1",
            "userName": request.caller,
            "displayName": request.caller.partition("@")[0],
            "emails": [{"type": "work", "value": request.caller, "primary": True}],
            "active": True,
        }
