"""Somebody else's text in Markdown and HTML: always text, never markup, a link or a mention."""

import re
from html import escape

from lakeflow.review.phrases import Phrase, Value

_SIGNS = r"\w./:=+,{}()\[\]$%#@~→×–…·−\-"
_PLAIN = re.compile(rf"[{_SIGNS}](?:[{_SIGNS} ]*[{_SIGNS}])?", re.ASCII)
_LETTER = re.compile(r"[A-Za-z0-9 ,()…-]", re.ASCII)


def code(text: str) -> str:
    """Return text as inline code of Markdown that shows exactly `text`, in a table too.

    GitHub makes no mention, reference or link of what is code.
    """
    return f"`{text}`" if _PLAIN.fullmatch(text) else html_code(text)


def html_code(text: str) -> str:
    """Return text as inline code where Markdown is not read, such as in a summary."""
    # Every letter that Markdown could take for its own is written by its number.
    inside = "".join(
        letter if _LETTER.fullmatch(letter) or letter.isalnum() else f"&#{ord(letter)};" for letter in text
    )
    return f"<code>{inside}</code>"


def markdown(phrase: Phrase) -> str:
    """Return a phrase as Markdown."""
    return "".join(map(_part, phrase))


def _part(part: str | Value) -> str:
    if isinstance(part, str):
        return part
    return f"**{code(part.text)}**" if part.strong else code(part.text)


def html(phrase: Phrase) -> str:
    """Return a phrase as HTML."""
    return "".join(_html_part(part) for part in phrase)


def _html_part(part: str | Value) -> str:
    if isinstance(part, str):
        return escape(part)
    return f'<code class="strong">{escape(part.text)}</code>' if part.strong else f"<code>{escape(part.text)}</code>"
