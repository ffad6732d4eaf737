"""Values as messages may show them."""

from constructs_lib.errors import nearest, shortened
from constructs_lib.secrets import looks_like_secret


def shown(value: object, most: int = 60) -> str:
    """Return a value as a message can hold it: cut to at most `most` characters, and never a secret."""
    if isinstance(value, str) and looks_like_secret(value):
        return "(a secret)"
    if isinstance(value, int) and value.bit_length() > 200:
        return "a huge number"
    return shortened(value, most)


def choice(value: str, names: tuple[str, ...]) -> str:
    """Return a hint that names what may stand instead: the nearest name, or all of them."""
    near = nearest(value.upper(), names)
    return f"write {near}" if near else f"write one of {', '.join(names)}"
