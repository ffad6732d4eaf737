"""What a user reads when something is refused."""

from collections.abc import Callable

import pytest

from constructs_lib import LakeflowError


def refusal(make: Callable[[], object]) -> str:
    """Return the message with which `make` is refused, without the place in front of it."""
    with pytest.raises(LakeflowError) as caught:
        make()
    problem, fix = caught.value.problem, caught.value.fix
    return f"{problem}; {fix}" if fix else problem
