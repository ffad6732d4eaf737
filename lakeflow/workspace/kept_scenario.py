"""The scenario that a workspace keeps, which says what its runs do."""

from lakeflow.scenario.model import Scenario
from lakeflow.scenario.reading import of_document
from lakeflow.workspace.exchange import Json
from lakeflow.workspace.state import State


class KeptScenario:
    """Reads it once, and again where it is another."""

    def __init__(self, state: State) -> None:
        self._settings = state.tables["settings"]
        self._document: Json | None = None
        self._scenario: Scenario | None = None

    @property
    def now(self) -> Scenario | None:
        """The scenario; None where there is none."""
        document = self._settings.current("scenario")
        if document != self._document:
            self._document = document
            self._scenario = of_document(document, place="scenario") if document else None
        return self._scenario
