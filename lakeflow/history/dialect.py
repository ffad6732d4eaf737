"""Databricks SQL as DuckDB understands it and means the same; sqlglot does the grammar, here stands what it leaves out.

https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-functions-builtin and https://duckdb.org/docs/sql/functions
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from constructs_lib.errors import LakeflowError, listed, nearest

Parameter = Mapping[str, object]
_NOW = "current_timestamp"
_ANSWERED = {"HUGEINT": "BIGINT", '"NULL"': "VOID"}
"""The type of a sum of whole numbers, and that of NULL."""


def in_duckdb(
    statement: str, parameters: Sequence[Parameter], now: datetime, tables: Sequence[str]
) -> tuple[str, dict[str, str | None]]:
    """Return one query of Databricks SQL for DuckDB, and the values that it takes, the time among them.

    `tables` are those below the catalog `system`. What cannot be understood is a LakeflowError.
    """
    bound = {str(each["name"]): each for each in parameters}
    types = tuple(sorted((name, str(each.get("type") or "STRING")) for name, each in bound.items()))
    query, taken = _translated(statement, types, tuple(tables))
    values = {name: _text(bound[name]) for name in taken if name != _NOW}
    return query, values | ({_NOW: _plain(now)} if _NOW in taken else {})


@lru_cache(maxsize=256)
def _translated(
    statement: str, types: tuple[tuple[str, str], ...], tables: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """Return a query for DuckDB, and the names of the values that stand in it as `$name`."""
    kinds = dict(types)
    taken: set[str] = set()

    def value(name: str, kind: str) -> exp.Expr:
        taken.add(name)
        return exp.cast(exp.Placeholder(this=name), type_in_duckdb(kind), dialect="duckdb")

    def meant(node: exp.Expr) -> exp.Expr:
        match node:
            case exp.Placeholder():
                name = str(node.this)
                if name not in kinds:
                    raise LakeflowError(
                        f"[UNBOUND_SQL_PARAMETER] the parameter {name} has no value", fix=f"bind :{name}"
                    )
                return value(name, kinds[name])
            case exp.CurrentTimestamp():
                return value(_NOW, "TIMESTAMP")
            case exp.CurrentDate():
                return exp.cast(value(_NOW, "TIMESTAMP"), "DATE")
            case exp.Table():
                return _table(node, tables)
            case exp.DataType():
                return _type(node)
            case _:
                return _MEANT.get(type(node), _same)(node)

    try:
        [query] = sqlglot.parse(statement, read="databricks")
        if not isinstance(query, exp.Query):
            raise LakeflowError("[UNSUPPORTED_STATEMENT] only queries are answered here", fix="write SELECT …")
        for node in reversed(list(query.walk())):  # what is within first
            changed = meant(node)
            if changed is not node:
                node.replace(changed)
        return query.sql("duckdb", identify=True), tuple(sorted(taken))
    except SqlglotError as error:
        told = str(error).splitlines()[0].rstrip(". ")
        raise LakeflowError(f"[PARSE_SYNTAX_ERROR] {told}") from error
    except ValueError:
        raise LakeflowError("[PARSE_SYNTAX_ERROR] there must be one statement, and no more") from None


@cache
def type_in_duckdb(kind: str) -> str:
    """Return a Databricks type as the tables in DuckDB have it."""
    return exp.DataType.build(kind, dialect="databricks").transform(_types).sql("duckdb", identify=True)


def type_in_databricks(kind: str) -> str:
    """Return the Databricks type of a column that DuckDB answers."""
    if kind in _ANSWERED:
        return _ANSWERED[kind]
    return str(exp.DataType.build(kind, dialect="duckdb").sql("databricks")).replace("TIMESTAMP_NTZ", "TIMESTAMP")


def _same(node: exp.Expr) -> exp.Expr:
    return node


def _types(node: exp.Expr) -> exp.Expr:
    return _type(node) if isinstance(node, exp.DataType) else node


def _type(node: exp.DataType) -> exp.DataType:
    if node.is_type("TIMESTAMPTZ", "TIMESTAMPLTZ"):  # all is UTC here
        return exp.DataType.build("TIMESTAMP")
    if node.is_type("DECIMAL") and [each.name for each in node.expressions] == ["38", "18"]:
        # DuckDB's product of two such has no digits left before the point.
        return exp.DataType.build("DECIMAL(18, 9)")
    return node


def _plain(instant: datetime) -> str:
    return str(instant.astimezone(UTC).replace(tzinfo=None) if instant.tzinfo else instant)


def _text(parameter: Parameter) -> str | None:
    """Return a parameter's value as DuckDB can cast it; None where it is NULL."""
    value = parameter.get("value")
    if value is not None and str(parameter.get("type")).upper() == "TIMESTAMP":
        try:
            return _plain(datetime.fromisoformat(str(value)))
        except ValueError:
            raise LakeflowError(f"[CAST_INVALID_INPUT] {value!r} is no time") from None
    return None if value is None else str(value)


def _table(node: exp.Table, tables: Sequence[str]) -> exp.Expr:
    if node.catalog != "system":
        if not node.db:
            return node
        raise LakeflowError(f"[TABLE_OR_VIEW_NOT_FOUND] there is no table {node.sql('databricks')}")
    name = f"{node.db}.{node.name}"
    if name not in tables:
        hint = nearest(name, tables)
        fix = f"did you mean system.{hint}?" if hint else f"there are {listed(tables)}"
        raise LakeflowError(f"[TABLE_OR_VIEW_NOT_FOUND] there is no table system.{name}", fix=fix)
    node.set("catalog", None)
    return node


def _called(name: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _double(node: exp.Expr) -> exp.Expr:
    return exp.cast(node, "DOUBLE")


def _ordering(node: exp.Expr) -> exp.Expr:
    """Put NULL before all else within a struct, as Databricks does; DuckDB puts it behind."""
    if not isinstance(node, exp.Struct):
        return node
    fields = [each.expression if isinstance(each, exp.PropertyEQ) else each for each in node.expressions]
    known = [exp.Is(this=each.copy(), expression=exp.null()).not_() for each in fields]
    return _called("row", *(each for pair in zip(known, fields, strict=True) for each in pair))


def _difference(node: exp.Expr) -> exp.Expr:
    """Count whole units, as Databricks does between instants; DuckDB counts the boundaries between them."""
    unit, start, end = node.args["unit"], node.expression, node.this
    if isinstance(node, exp.DateDiff) and unit.name.upper() == "DAY":  # `datediff(end, start)` is of dates
        return _called("date_diff", exp.Literal.string("day"), exp.cast(start, "DATE"), exp.cast(end, "DATE"))
    stamps = (exp.cast(each, "TIMESTAMP") for each in (start, end))
    return _called("date_sub", exp.Literal.string(unit.name.lower()), *stamps)


def _lateral(node: exp.Expr) -> exp.Expr:
    """Keep the row of an empty array for `LATERAL VIEW OUTER`."""
    if node.args.get("outer") and isinstance(node.this, exp.Explode):
        array = node.this.this
        empty = exp.EQ(this=exp.Coalesce(this=exp.ArraySize(this=array), expressions=[exp.Literal.number(0)]))
        empty.set("expression", exp.Literal.number(0))
        one = exp.Array(expressions=[exp.null()])
        node.this.set("this", exp.Case(ifs=[exp.If(this=empty, true=one)], default=array.copy()))
    return node


_MEANT: Mapping[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    # DuckDB's arg_max passes over a NULL, Databricks' max_by returns it.
    exp.ArgMax: lambda node: _called("arg_max_null", node.this, _ordering(node.expression)),
    exp.ArgMin: lambda node: _called("arg_min_null", node.this, _ordering(node.expression)),
    # Databricks' percentile interpolates between any numbers.
    exp.Quantile: lambda node: _called("quantile_cont", _double(node.this), node.args["quantile"]),
    exp.Median: lambda node: _called("quantile_cont", _double(node.this), exp.Literal.number("0.5")),
    exp.ApproxQuantile: lambda node: _called("quantile_disc", node.this, node.args["quantile"]),
    # Without a row that says anything it is NULL in DuckDB.
    exp.CountIf: lambda node: exp.Count(this=exp.Case(ifs=[exp.If(this=node.this, true=exp.Literal.number(1))])),
    # Whole seconds; DuckDB's cast would round them.
    exp.UnixSeconds: lambda node: exp.cast(_called("floor", _called("epoch", node.this)), "BIGINT"),
    # A day and days are a day, and no instant.
    exp.DateFromUnixDate: lambda node: exp.cast(node.copy(), "DATE"),
    exp.TsOrDsAdd: lambda node: exp.cast(node.copy(), "DATE"),
    exp.TimestampDiff: _difference,
    exp.DateDiff: _difference,
    exp.Lateral: _lateral,
}
