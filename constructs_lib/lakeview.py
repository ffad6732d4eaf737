"""What an AI/BI dashboard is made of: datasets, and pages of widgets in rows.

The form is that of an exported dashboard, `….lvdash.json`. A widget asks one dataset for fields, columns as they are or
aggregated over what it shows, and names them again where it draws them.
https://docs.databricks.com/aws/en/dashboards/
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from constructs_lib.references import Text, concat
from constructs_lib.values import Value, attribute

COLUMNS = 12
"""How many columns the grid of a page has."""

_QUERY = "main_query"


class Dataset(Value):
    """A statement whose result widgets show; `name` is what they know it by."""

    name: str = attribute("name", kw_only=False)
    title: str = attribute("displayName")
    lines: Sequence[Text] = attribute()
    """Of the statement, without their ends."""

    def render(self) -> dict[str, Any]:
        """Return the dataset; its lines are joined as they are, so that each ends with an end."""
        return {**super().render(), "queryLines": [_ended(line) for line in self.lines]}


def _ended(line: Text) -> Text:
    return f"{line}\n" if isinstance(line, str) else concat(line, "\\n")


class Number(Value):
    """How a number is written."""

    type: Literal["number-plain", "number-currency", "number-percent"] = attribute("type", kw_only=False)
    places: int = attribute("decimalPlaces.places", default=0)
    most: str = attribute("decimalPlaces.type", default="max")
    currency: str | None = attribute("currencyCode", default=None)


COUNT = Number("number-plain")
MINUTES = Number("number-plain", places=1)
SHARE = Number("number-percent", places=1)
DOLLARS = Number("number-currency", places=2, currency="USD")


class Field(Value):
    """A column of a dataset as a widget shows it: as it is, or aggregated over the rows of one mark."""

    column: str = attribute(kw_only=False)
    title: str = attribute("displayName", kw_only=False)
    aggregate: Literal["COUNT", "SUM", "AVG"] | None = attribute(default=None)
    scale: Literal["quantitative", "categorical", "temporal"] | None = attribute("scale.type", default=None)
    sort: Literal["y", "y-reversed"] | None = attribute("scale.sort.by", default=None)
    """What the values of a categorical scale are sorted by, beside their own order."""
    colours: Mapping[str, str] = attribute(default={})
    """Colours of the values of a categorical scale that mean something."""
    number: Number | None = attribute("format", default=None)

    @property
    def name(self) -> str:
        """What the widget's query calls it."""
        return f"{self.aggregate.lower()}({self.column})" if self.aggregate else self.column

    def asked(self) -> dict[str, str]:
        """Return the field of a widget's query."""
        column = f"`{self.column}`"
        return {"name": self.name, "expression": f"{self.aggregate}({column})" if self.aggregate else column}

    def render(self) -> dict[str, Any]:
        """Return where a widget draws it."""
        body = {"fieldName": self.name, **super().render()}
        if self.colours:
            body["scale"]["mappings"] = [{"value": value, "color": self.colours[value]} for value in self.colours]
        return body


class Widget(Value):
    """Something on a page; `key` is its name there, `width` of 12 columns, `height` in rows of the grid."""

    key: str = attribute("name", kw_only=False)
    width: int = attribute(default=COLUMNS)
    height: int = attribute(default=6)


class TextBox(Widget):
    """A paragraph of Markdown."""

    text: str = attribute("multilineTextboxSpec.lines", via=lambda text: [text])


class Chart(Widget):
    """A widget that shows a dataset; a class for each kind."""

    KIND: ClassVar[str]
    VERSION: ClassVar[int]
    WHOLE_ROWS: ClassVar[bool] = False
    """Whether it shows the dataset's rows as they are, and aggregates nothing."""

    title: str = attribute()
    description: str | None = attribute(default=None)
    dataset: Dataset = attribute()

    def drawn(self) -> Mapping[str, Field | Sequence[Field]]:
        """Return what is drawn where."""
        raise NotImplementedError

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields that it asks for."""
        return tuple(_fields(self.drawn().values()))

    def render(self) -> dict[str, Any]:
        """Return the widget with its query."""
        query = {
            "datasetName": self.dataset.name,
            "disaggregated": self.WHOLE_ROWS,
            "fields": [field.asked() for field in self.fields],
        }
        frame: dict[str, Any] = {"showTitle": True, "title": self.title}
        if self.description:
            frame |= {"showDescription": True, "description": self.description}
        return {
            **super().render(),
            "queries": [{"name": _QUERY, "query": query}],
            "spec": {"version": self.VERSION, "widgetType": self.KIND, "frame": frame, **self._spec()},
        }

    def _spec(self) -> dict[str, Any]:
        return {"encodings": {place: _drawn(what) for place, what in self.drawn().items()}}


def _fields(drawn: Any) -> Iterator[Field]:
    for what in drawn:
        yield from [what] if isinstance(what, Field) else what


def _drawn(what: Field | Sequence[Field]) -> Any:
    return what.render() if isinstance(what, Field) else [field.render() for field in what]


class Counter(Chart):
    """One large number."""

    KIND: ClassVar[str] = "counter"
    VERSION: ClassVar[int] = 2

    value: Field = attribute()

    def drawn(self) -> Mapping[str, Field | Sequence[Field]]:
        """Return the number."""
        return {"value": self.value}


class _Plot(Chart):
    """A chart with axes."""

    x: Field = attribute()
    y: Field = attribute()
    colour: Field | None = attribute(default=None)

    def drawn(self) -> Mapping[str, Field | Sequence[Field]]:
        """Return the axes, and what the colours mean."""
        axes: dict[str, Field | Sequence[Field]] = {"x": self.x, "y": self.y}
        return {**axes, "color": self.colour} if self.colour else axes


class Bars(_Plot):
    """Bars, one upon the other where they have colours, or side by side."""

    KIND: ClassVar[str] = "bar"
    VERSION: ClassVar[int] = 3

    layout: Literal["stack", "group"] = attribute(default="stack")

    def _spec(self) -> dict[str, Any]:
        return {**super()._spec(), "mark": {"layout": self.layout}}


class Lines(_Plot):
    """A line, or one for each colour."""

    KIND: ClassVar[str] = "line"
    VERSION: ClassVar[int] = 3


class Table(Chart):
    """The rows of a dataset."""

    KIND: ClassVar[str] = "table"
    VERSION: ClassVar[int] = 2
    WHOLE_ROWS: ClassVar[bool] = True

    columns: Sequence[Field] = attribute()

    def drawn(self) -> Mapping[str, Field | Sequence[Field]]:
        """Return the columns."""
        return {"columns": self.columns}


class Choice(Widget):
    """A filter: whoever looks chooses values of a column that several datasets have."""

    title: str = attribute()
    column: str = attribute()
    datasets: Sequence[Dataset] = attribute()

    def render(self) -> dict[str, Any]:
        """Return the widget, with a query for each dataset."""
        asked = Field(self.column, self.title).asked()
        names = {dataset.name: f"{dataset.name}_{self.column}" for dataset in self.datasets}
        return {
            **super().render(),
            "queries": [
                {"name": query, "query": {"datasetName": name, "disaggregated": False, "fields": [asked]}}
                for name, query in names.items()
            ],
            "spec": {
                "version": 2,
                "widgetType": "filter-multi-select",
                "frame": {"showTitle": True, "title": self.title},
                "encodings": {
                    "fields": [
                        {"fieldName": self.column, "displayName": self.title, "queryName": query}
                        for query in names.values()
                    ]
                },
            },
        }


class Page(Value):
    """Widgets in rows; each row is 12 columns wide."""

    key: str = attribute("name", kw_only=False)
    title: str = attribute("displayName")
    rows: Sequence[Sequence[Widget]] = attribute()

    def check(self) -> None:
        """Refuse a row with a gap, and two widgets of one name."""
        for row in self.rows:
            if sum(widget.width for widget in row) != COLUMNS or len({widget.height for widget in row}) != 1:
                raise self.error(f"the row {list(row)} is not {COLUMNS} columns wide and of one height")
        keys = [widget.key for row in self.rows for widget in row]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            raise self.error(f"two widgets are called {key!r}", fix="rename one")

    def render(self) -> dict[str, Any]:
        """Return the page with the position of each widget."""
        return {
            **super().render(),
            "pageType": "PAGE_TYPE_CANVAS",
            "layoutVersion": "GRID_V1",
            "layout": [{"widget": widget.render(), "position": position} for widget, position in self._placed()],
        }

    def _placed(self) -> Iterator[tuple[Widget, dict[str, int]]]:
        y = 0
        for row in self.rows:
            x = 0
            for widget in row:
                yield widget, {"x": x, "y": y, "width": widget.width, "height": widget.height}
                x += widget.width
            y += row[0].height


class Board(Value):
    """A dashboard's pages, and the datasets that they show."""

    datasets: Sequence[Dataset] = attribute("datasets", kw_only=False)
    pages: Sequence[Page] = attribute("pages", kw_only=False)
