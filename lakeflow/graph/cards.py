"""The pieces of a drawn graph: cards, branches, loops and chips, each measured before it is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from math import ceil

from lakeflow.graph.compute import Compute, ComputeKind
from lakeflow.graph.icons import icon
from lakeflow.graph.letters import fitted, printable, shortened, width
from lakeflow.graph.marks import Mark, Tone
from lakeflow.graph.node import TaskNode

KEY, LINE, CHIP = 13.0, 11.0, 10.0
CHIP_HEIGHT = 16.0
_NARROWEST, _WIDEST, _WIDEST_CONDITION, _WIDEST_CHIP = 150.0, 268.0, 340.0, 128.0
_TEXT, _PAD, _SLANT = 46.0, 12.0, 16.0
_HEAD, _CHIPS = 48.0, 22.0


@dataclass(frozen=True, slots=True)
class Chip:
    """A small rounded label; `look` is its class, `dot` whether a dot stands before its text."""

    text: str
    look: str
    dot: bool = False

    @property
    def width(self) -> float:
        """Its width in pixels."""
        return round(width(self.text, CHIP) + (25 if self.dot else 16))

    def drawn(self, x: float, y: float) -> str:
        """Return it with its left upper corner at a point."""
        dot = f'<circle cx="{number(x + 9)}" cy="{number(y + 8)}" r="3.5"/>' if self.dot else ""
        return (
            f'<g class="chip {self.look}"><rect x="{number(x)}" y="{number(y)}" width="{number(self.width)}" '
            f'height="{number(CHIP_HEIGHT)}" rx="8"/>{dot}{words(self.text, x + (17 if self.dot else 8), y + 11.5)}</g>'
        )


@dataclass(frozen=True, slots=True)
class Card:
    """A task, measured: how large it is, and how to draw it at a place and in the width of its column."""

    node: TaskNode
    chips: tuple[Chip, ...]
    mark: Mark | None
    inner: "Card | None" = None

    @classmethod
    def of(cls, node: TaskNode, colours: Mapping[tuple[str, str], int], marks: Mapping[str, Mark]) -> "Card":
        """Return the card of a task; `colours` numbers the compute that is shared, by kind and name."""
        chips = [_compute(node.compute, colours)] if node.compute else []
        if node.loop and node.loop.pace:
            chips.append(Chip(fitted(printable(node.loop.pace), CHIP, _WIDEST_CHIP), "muted"))
        if node.waits_specially:
            chips.append(Chip(fitted(printable(node.run_if).replace("_", " ").lower(), CHIP, _WIDEST_CHIP), "wait"))
        if node.disabled:
            chips.append(Chip("disabled", "muted"))
        inner = node.loop.task if node.loop else None
        return cls(node, tuple(chips), marks.get(node.key), cls.of(inner, colours, marks) if inner else None)

    @property
    def width(self) -> float:
        """The width that it wants, in pixels."""
        chips = sum(chip.width + 6 for chip in self.chips) - 6
        lines = width(printable(self.node.label[:200]), KEY, bold=True), width(" ".join(self._line), LINE)
        most = _WIDEST_CONDITION if self.node.is_condition else _WIDEST
        wanted = min(most, max(_NARROWEST, _TEXT + max(lines) + _PAD))
        wanted = max(wanted, _TEXT + chips + _PAD) + (2 * _SLANT if self.node.is_condition else 0)
        return ceil(max(wanted, self.inner.width + 2 * _PAD) if self.inner else wanted)

    @property
    def height(self) -> float:
        """Its height in pixels."""
        return self._head + (self.inner.height + _PAD if self.inner else 0)

    def drawn(self, x: float, y: float, across: float) -> str:
        """Return it with its left upper corner at a point, `across` pixels wide."""
        left = x + (_SLANT if self.node.is_condition else 0)
        room = across - _TEXT - _PAD - 2 * (left - x)
        label, title = self._line
        shown = fitted(" ".join(self._line), LINE, room)
        parts = [
            f'<g class="{self._look}" data-key="{escape(printable(self.node.key))}">',
            f"<title>{escape(self._tooltip)}</title>",
            self._outline(x, y, across),
            f'<rect class="tile" x="{number(left + 10)}" y="{number(y + 11)}" width="26" height="26" rx="6"/>',
            f'<path class="icon" transform="translate({number(left + 16)} {number(y + 17)})" '
            f'd="{icon(self.node.kind.label)}"/>',
            words(fitted(printable(self.node.label), KEY, room, bold=True), left + _TEXT, y + 21, "key"),
            words(shown.removeprefix(label) if title else "", left + _TEXT, y + 37, lead=shown[: len(label)]),
        ]
        at = left + _TEXT
        for chip in self.chips:
            parts.append(chip.drawn(at, y + _HEAD - 2))
            at += chip.width + 6
        if self.inner:
            parts.append(self.inner.drawn(x + _PAD, y + self._head, across - 2 * _PAD))
        if self.mark:
            parts.append(self._flag(self.mark, x + across - (left - x), y))
        return "".join(parts) + "</g>"

    @property
    def _head(self) -> float:
        return _HEAD + (_CHIPS if self.chips else 0)

    @property
    def _line(self) -> tuple[str, str]:
        return self.node.kind.label, printable(shortened(self.node.title, 200))

    @property
    def _look(self) -> str:
        node = self.node
        looks = ["task", node.kind.family.value]
        looks += ["if"] if node.is_condition else []
        looks += ["loop"] if node.loop else []
        looks += ["disabled"] if node.disabled else []
        looks += ["missing"] if node.missing else []
        return " ".join([*looks, "marked", self.mark.tone.value] if self.mark else looks)

    @property
    def _tooltip(self) -> str:
        node = self.node
        facts = (
            node.label,
            f"{node.kind.label} {node.runs}".strip(),
            node.compute.described if node.compute else "",
            f"run_if {node.run_if}" if node.waits_specially else "",
            "disabled" if node.disabled else "",
            f"{self.mark.label}: {self.mark.note}" if self.mark and self.mark.note else "",
            node.description,
        )
        return "\n".join(shortened(printable(fact), 400) for fact in facts if fact)

    def _outline(self, x: float, y: float, across: float) -> str:
        height, right = self.height, x + across
        if self.node.is_condition:
            corners = (
                (x, y + height / 2),
                (x + _SLANT, y),
                (right - _SLANT, y),
                (right, y + height / 2),
                (right - _SLANT, y + height),
                (x + _SLANT, y + height),
            )
            points = "L".join(f"{number(a)} {number(b)}" for a, b in corners)
            return f'<path class="box" stroke-linejoin="round" d="M{points}Z"/>'
        behind = (6, 3) if self.node.loop else ()
        return "".join(
            f'<rect class="box" x="{number(x + off)}" y="{number(y + off)}" width="{number(across)}" '
            f'height="{number(height)}" rx="8"/>'
            for off in (*behind, 0)
        )

    def _flag(self, mark: Mark, right: float, y: float) -> str:
        chip = Chip(fitted(printable(f"{mark.sign} {mark.label}".strip()), CHIP, _WIDEST_CHIP), mark.tone.value)
        return chip.drawn(right - chip.width - 10, y - CHIP_HEIGHT / 2)


def outcome(label: str) -> Chip:
    """Return the chip that stands on an edge which waits for an outcome."""
    tone = {"true": Tone.GOOD, "false": Tone.BAD}.get(label, Tone.MUTED)
    return Chip(fitted(printable(label), CHIP, 80), f"outcome {tone.value}")


def words(text: str, x: float, y: float, look: str = "", *, lead: str = "") -> str:
    """Return a line of text at a point of its base line; `lead` stands before it, fainter."""
    look = f' class="{look}"' if look else ""
    first = f'<tspan class="kind">{escape(lead)}</tspan>' if lead else ""
    return f'<text x="{number(x)}" y="{number(y)}"{look}>{first}{escape(text)}</text>'


def number(value: float) -> str:
    """Return a coordinate with at most one decimal, the same on every machine."""
    return f"{round(value * 10) / 10:g}" if abs(value) < 100_000 else f"{round(value)}"


def _compute(compute: Compute, colours: Mapping[tuple[str, str], int]) -> Chip:
    text = fitted(printable(compute.label), CHIP, _WIDEST_CHIP)
    if compute.is_shared:
        return Chip(text, f"compute c{colours[compute.kind, compute.name]}", dot=True)
    own = compute.kind is ComputeKind.NEW_CLUSTER
    return Chip(text, "compute own" if own else "compute", dot=True)
