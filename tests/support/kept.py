"""A workspace that is written down after every request, and whether what is written is what it is."""

import json
from collections.abc import Callable

from lakeflow.workspace.core import Core
from lakeflow.workspace.exchange import Answer, Request
from lakeflow.workspace.state import VOLATILE, State
from lakeflow.workspace.store import Store


def everything(state: State) -> object:
    """Return what a state says, with the order of its rows."""
    rows = {name: list(rows.items()) for name, rows in state.tables.items() if name not in VOLATILE}
    return json.loads(json.dumps([rows, list(state.system.items()), state.last]))


def written(core: Core, state: State, store: Store) -> Callable[[Request], Answer]:
    """Return how requests are answered where every answer is written down, and every refusal taken back."""

    def answer(request: Request) -> Answer:
        core.pass_time(request.at)
        store.write(state)
        answer = core.answer(request)
        if answer.status < 400:
            store.write(state)
        else:
            store.take_back(state)
        return answer

    return answer


def check(state: State, store: Store) -> None:
    """Fail where a change of the state was not noticed, and so not written down."""
    store.write(state)
    store.commit()
    assert everything(store.load()) == everything(state)
