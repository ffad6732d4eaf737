"""What a file says of its own place among the files."""

from environments.settings.base import Settings


class Header(Settings):
    """The keys that no other file inherits."""

    extends: str | None = None
    """The file whose values this one inherits: its name without `.yaml`. Keys are merged at every depth, lists are
    replaced, and null takes an inherited value away."""
    abstract: bool = False
    """Whether this file is there only to be extended: it may lack keys, and nothing is deployed for it."""
