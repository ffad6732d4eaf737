"""Text that nobody vouches for, made fit for a terminal and for a picture: visible, on one line, and measured."""

import unicodedata
from functools import lru_cache

# Width in thousandths of the font size, as in Helvetica and Arial, which the system fonts follow closely.
_WIDTHS = (
    (222, "'ijl|"),
    (278, " !,./:;I[]\\ft"),
    (333, "()-`r"),
    (389, "*"),
    (500, "^cksvxyzJ"),
    (556, '"#$0123456789?L_abdeghnopqu'),
    (584, "+<=>~"),
    (611, "FTZ"),
    (667, "&ABEKPSVXY{}"),
    (722, "CDHNRUw"),
    (778, "GOQ"),
    (833, "Mm"),
    (889, "%"),
    (944, "W"),
    (1000, "@…—"),
)
_THOUSANDTHS = {letter: width for width, letters in _WIDTHS for letter in letters}
# Fonts differ by a few per cent, and a box that is too wide is a smaller evil than a text that leaves it.
_ROOM = 1.06
_BOLD = 1.07
# Joiners shape scripts and emoji; everything else that is invisible can only hide or reorder.
_HARMLESS = frozenset("\u200c\u200d")
_BREAKS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")


def printable(text: str) -> str:
    """Return `text` on one line: a line break becomes a space, and what could hide, reorder or control becomes `�`."""
    return text if text.isascii() and text.isprintable() else "".join(map(_visible, text))


@lru_cache(maxsize=4096)
def _visible(letter: str) -> str:
    if letter in _BREAKS:
        return " "
    hidden = unicodedata.category(letter) in {"Cc", "Cf", "Cs"} and letter not in _HARMLESS
    # The last two code points of every plane are no characters, and XML refuses the first such pair.
    return "\N{REPLACEMENT CHARACTER}" if hidden or ord(letter) & 0xFFFE == 0xFFFE else letter


def columns(text: str) -> int:
    """Return how many columns of a terminal `text` takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@lru_cache(maxsize=4096)
def _columns(letter: str) -> int:
    if unicodedata.combining(letter) or letter in _HARMLESS or unicodedata.category(letter) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in {"W", "F"} else 1


def shortened(text: str, most: int) -> str:
    """Return `text` in at most `most` columns, its end replaced by an ellipsis where it is longer."""
    if columns(text) <= most:
        return text
    used = 1
    for index, letter in enumerate(text):
        used += _columns(letter)
        if used > most:
            return text[:index].rstrip() + "…"
    return text


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return about how wide `text` is in pixels, in a sans-serif font of `size`: rather too wide than too narrow."""
    thousandths = sum(_THOUSANDTHS.get(letter) or (0, 600, 1000)[_columns(letter)] for letter in text)
    return thousandths * size * _ROOM * (_BOLD if bold else 1) / 1000


def fitted(text: str, size: float, most: float, *, bold: bool = False) -> str:
    """Return `text` as wide as `most` pixels allow, its end replaced by an ellipsis where it is wider."""
    if width(text[:400], size, bold=bold) <= most and len(text) <= 400:
        return text
    room = most - width("…", size, bold=bold)
    kept = 0
    for kept, letter in enumerate(text[:400]):  # noqa: B007 (its last value is used)
        room -= width(letter, size, bold=bold)
        if room < 0:
            break
    return text[:kept].rstrip() + "…"
