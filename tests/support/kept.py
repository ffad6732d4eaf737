"""Whether what is written of a workspace is what it is."""

import json

from lakeflow.workspace.state import VOLATILE, State
from lakeflow.workspace.store import Store


def everything(state: State) -> object:
    """Return what a state says, with the order of its rows."""
    rows = {name: list(rows.items()) for name, rows in state.tables.items() if name not in VOLATILE}
    return json.loads(json.dumps([rows, list(state.system.items()), state.last]))


def check(state: State, store: Store) -> None:
    """Fail where a change of the state was not noticed, and so not written down."""
    store.write(state)
    store.commit()
    assert everything(store.load()) == everything(state)
