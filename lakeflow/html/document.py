"""The frame of a page: nothing in it is loaded and nothing runs, whatever the things are called that it shows.

https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
"""

from collections.abc import Iterable, Iterator
from html import escape

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_OF_SERVER = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'self'"


def document(title: str, body: Iterable[str], *, style: str, head: str = "", served: bool = False) -> str:
    """Return a page; `body` and `head` are markup. One that is `served` may have an icon and a search form."""
    return "\n".join(_lines(title, body, style, head, _OF_SERVER if served else _POLICY)) + "\n"


def _lines(title: str, body: Iterable[str], style: str, head: str, policy: str) -> Iterator[str]:
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">{head}'
    yield f"<title>{escape(title)}</title><style>{style}</style></head><body>"
    yield from body
    yield "</body></html>"
