"""What an environment demands of its jobs."""

from constructs_lib.errors import LakeflowError
from constructs_lib.rules import Policies


def policies(environment: str | None) -> Policies:
    """Return the policies of an environment, or of what a stack such as `dev-jd` copies; none where none is named."""
    if environment is None:
        return Policies()
    from environments import InvalidEnvironment, load, names

    copied = environment.partition("-")[0]
    name = copied if environment not in names() and copied in names() else environment
    try:
        return Policies.of(load(name).policies.model_dump())
    except InvalidEnvironment as error:
        raise LakeflowError(str(error)) from None
