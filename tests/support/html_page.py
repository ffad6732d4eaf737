"""A page of HTML, taken apart for tests."""

from html.parser import HTMLParser

_VOID = frozenset({"br", "input", "link", "meta"})


class Page(HTMLParser):
    """Its elements in their order, their attributes, the text in each, and all of its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.parents: list[int] = []
        self.open: list[int] = []
        self.said = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in _VOID:
            self.open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.texts.append("")
        self.parents.append(self.open[-1] if self.open else -1)

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[self.open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        self.said += data
        for place in self.open:
            self.texts[place] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of all elements of a name."""
        return [attributes for name, attributes in self.elements if name == tag]

    def text(self, tag: str) -> list[str]:
        """Return the text in each element of a name."""
        return [said for (name, _), said in zip(self.elements, self.texts, strict=True) if name == tag]

    def table(self, caption: str) -> list[list[str]]:
        """Return the cells of the table whose caption begins so, row by row, without those of tables inside it."""
        [table] = [
            self._around(place, "table")
            for place, (name, _) in enumerate(self.elements)
            if name == "caption" and self.texts[place].startswith(caption)
        ]
        rows: dict[int, list[str]] = {}
        for place, (name, _) in enumerate(self.elements):
            if name in {"td", "th"} and self._around(place, "table") == table:
                rows.setdefault(self._around(place, "tr"), []).append(self.texts[place])
        return list(rows.values())

    def _around(self, place: int, tag: str) -> int:
        while place >= 0 and self.elements[place][0] != tag:
            place = self.parents[place]
        return place
