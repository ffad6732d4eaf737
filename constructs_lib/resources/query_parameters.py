"""The parameters of a saved query: each a widget with a value, which the query reads as `{{name}}`.

https://docs.databricks.com/aws/en/sql/user/queries/query-parameters
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal

from constructs_lib.handles import QUERY, HasQueryId
from constructs_lib.references import Text
from constructs_lib.values import Value, attribute

DynamicRange = Literal[
    "TODAY", "YESTERDAY", "THIS_WEEK", "THIS_MONTH", "THIS_YEAR", "LAST_WEEK", "LAST_MONTH", "LAST_YEAR", "LAST_HOUR",
    "LAST_8_HOURS", "LAST_24_HOURS", "LAST_7_DAYS", "LAST_14_DAYS", "LAST_30_DAYS", "LAST_60_DAYS", "LAST_90_DAYS",
    "LAST_12_MONTHS",
]  # fmt: skip
Precision = Literal["DAY", "MINUTE", "SECOND"]
_FORMATS = {"DAY": "%Y-%m-%d", "MINUTE": "%Y-%m-%d %H:%M", "SECOND": "%Y-%m-%d %H:%M:%S"}


class QueryParameter(Value):
    """A parameter of a saved query; `QueryParameter.` names the kinds. `title` is what people see, or its name."""

    name: str = attribute("name", kw_only=False)
    title: str | None = attribute("title", default=None)

    def check(self) -> None:
        """Refuse a parameter without a name."""
        if not self.name.strip():
            raise self.error("a parameter has a name")

    @staticmethod
    def text(name: str, value: Text, *, title: str | None = None) -> "QueryParameter":
        """Return a text."""
        return _Text(name, value, title=title)

    @staticmethod
    def number(name: str, value: float, *, title: str | None = None) -> "QueryParameter":
        """Return a number."""
        return _Number(name, value, title=title)

    @staticmethod
    def choice(
        name: str, *options: str, selected: Sequence[str] = (), multiple: bool = False, title: str | None = None
    ) -> "QueryParameter":
        """Return one of some texts, the first unless said otherwise; `multiple` takes several, with commas between."""
        return _Choice(name, options=options, selected=selected or options[:1], multiple=multiple, title=title)

    @staticmethod
    def rows_of(
        query: HasQueryId, name: str, *, selected: Sequence[str] = (), multiple: bool = False, title: str | None = None
    ) -> "QueryParameter":
        """Return one of the texts that another query finds."""
        return _RowsOf(name, query=query, selected=selected, multiple=multiple, title=title)

    @staticmethod
    def date(
        name: str,
        value: dt.date | Literal["NOW", "YESTERDAY"],
        *,
        precision: Precision = "DAY",
        title: str | None = None,
    ) -> "QueryParameter":
        """Return a day or a time, fixed or seen from today."""
        return _Date(name, value, precision=precision, title=title)

    @staticmethod
    def date_range(
        name: str,
        value: tuple[dt.date, dt.date] | DynamicRange,
        *,
        precision: Precision = "DAY",
        title: str | None = None,
    ) -> "QueryParameter":
        """Return a beginning and an end, fixed or seen from today."""
        return _DateRange(name, value, precision=precision, title=title)


class _Text(QueryParameter, block="text_value"):
    value: Text = attribute("value", kw_only=False)


class _Number(QueryParameter, block="numeric_value"):
    value: float = attribute("value", kw_only=False)


class _Choice(QueryParameter, block="enum_value"):
    options: Sequence[str] = attribute("enum_options", via="\n".join)
    selected: Sequence[str] = attribute("values")
    multiple: bool = attribute("multi_values_options", via=lambda on: {"separator": ","} if on else None)

    def check(self) -> None:
        super().check()
        if not self.options:
            raise self.error("has no options")
        if not self.multiple and len(self.selected) > 1:
            raise self.error(f"selects {len(self.selected)} of its options", fix="write multiple=True")
        for text in self.options:
            if "\n" in text:
                raise self.error(f"{text!r} has a line break, which separates options")
        for text in self.selected:
            if text not in self.options:
                raise self.error(f"{text!r} is none of its options")


class _RowsOf(QueryParameter, block="query_backed_value"):
    query: HasQueryId = attribute("query_id", via=QUERY)
    selected: Sequence[str] = attribute("values")
    multiple: bool = attribute("multi_values_options", via=lambda on: {"separator": ","} if on else None)

    def check(self) -> None:
        super().check()
        if not self.multiple and len(self.selected) > 1:
            raise self.error(f"selects {len(self.selected)} texts", fix="write multiple=True")


class _Date(QueryParameter):
    value: dt.date | Literal["NOW", "YESTERDAY"] = attribute(kw_only=False)
    precision: Precision = attribute("date_value.precision", via=lambda unit: f"{unit}_PRECISION")

    def render(self) -> dict[str, Any]:
        body = super().render()
        if isinstance(self.value, str):
            body["date_value"]["dynamic_date_value"] = self.value
        else:
            body["date_value"]["date_value"] = _written(self.value, self.precision)
        return body


class _DateRange(QueryParameter):
    value: tuple[dt.date, dt.date] | DynamicRange = attribute(kw_only=False)
    precision: Precision = attribute("date_range_value.precision", via=lambda unit: f"{unit}_PRECISION")

    def check(self) -> None:
        super().check()
        if not isinstance(self.value, str):
            start, end = (_written(each, self.precision) for each in self.value)
            if end < start:
                raise self.error(f"ends on {end}, before it starts on {start}")

    def render(self) -> dict[str, Any]:
        body = super().render()
        if isinstance(self.value, str):
            body["date_range_value"]["dynamic_date_range_value"] = self.value
        else:
            start, end = (_written(each, self.precision) for each in self.value)
            body["date_range_value"]["date_range_value"] = {"start": start, "end": end}
        return body


def _written(moment: dt.date, precision: Precision) -> str:
    """Return a day or a time as Databricks reads it; a day begins at midnight."""
    whole = moment if isinstance(moment, dt.datetime) else dt.datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001
    return whole.strftime(_FORMATS[precision])
