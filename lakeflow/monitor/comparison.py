"""Whether a job got better or worse when it was changed."""

from dataclasses import dataclass
from typing import Literal

Word = Literal["better", "worse", "no different", "too few runs"]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The judgement on a change, and the figures that it stands on."""

    word: Word
    text: str
