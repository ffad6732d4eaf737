"""What an unquoted word in our YAML is.

YAML 1.1 reads `22:30` as 1350, `no` as false and `010` as 8; YAML 1.2 still reads `0x1F` and `1e3` as numbers, and so a
commit such as `12e5`. Here only what JSON would also write is not a text: true, false, null, and decimal numbers.

https://yaml.org/spec/1.2.2/#103-core-schema
"""

import re

Scalar = str | int | float | bool | None

_WORDS: dict[str, Scalar] = {"true": True, "false": False, "null": None, "~": None, "": None}
# At most 18 digits, as a longer one is an identifier and not a quantity.
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}")


def scalar(text: str) -> Scalar:
    """Return the value of an unquoted word."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text
