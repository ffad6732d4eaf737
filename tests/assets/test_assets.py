"""The sample workflows' own code: it parses, says what it does, and reads only what every workspace has."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify

ASSETS = Path(__file__).parents[2] / "assets"
PYTHON = sorted(ASSETS.rglob("*.py"))
SQL = sorted(ASSETS.rglob("*.sql"))
NOTEBOOK = "# Databricks notebook source\n"
NOTEBOOKS = [path for path in PYTHON if path.read_text(encoding="utf-8").startswith(NOTEBOOK)]

# The tables of the `samples` catalog that are read, with the columns that public schema listings agree on.
SAMPLES = {
    "samples.bakehouse.sales_transactions": {
        "transactionID": "BIGINT",
        "customerID": "BIGINT",
        "franchiseID": "BIGINT",
        "dateTime": "TIMESTAMP",
        "product": "STRING",
        "quantity": "BIGINT",
        "unitPrice": "BIGINT",
        "totalPrice": "BIGINT",
        "paymentMethod": "STRING",
        "cardNumber": "BIGINT",
    },
    "samples.bakehouse.sales_franchises": {
        "franchiseID": "BIGINT",
        "name": "STRING",
        "city": "STRING",
        "district": "STRING",
        "zipcode": "STRING",
        "country": "STRING",
        "size": "STRING",
        "longitude": "DOUBLE",
        "latitude": "DOUBLE",
        "supplierID": "BIGINT",
    },
    "samples.tpch.orders": {
        "o_orderkey": "BIGINT",
        "o_custkey": "BIGINT",
        "o_orderstatus": "STRING",
        "o_totalprice": "DECIMAL(18, 2)",
        "o_orderdate": "DATE",
        "o_orderpriority": "STRING",
        "o_clerk": "STRING",
        "o_shippriority": "INT",
        "o_comment": "STRING",
    },
    "samples.tpch.customer": {
        "c_custkey": "BIGINT",
        "c_name": "STRING",
        "c_address": "STRING",
        "c_nationkey": "BIGINT",
        "c_phone": "STRING",
        "c_acctbal": "DECIMAL(18, 2)",
        "c_mktsegment": "STRING",
        "c_comment": "STRING",
    },
    "samples.tpch.nation": {
        "n_nationkey": "BIGINT",
        "n_name": "STRING",
        "n_regionkey": "BIGINT",
        "n_comment": "STRING",
    },
}


def asset(path: Path) -> str:
    return path.relative_to(ASSETS).as_posix()


def statements(path: Path) -> list[exp.Expr]:
    """Return the statements of a SQL file.

    sqlglot has no words for two things of a pipeline: what an expectation does with a row, and `${…}`, which is text
    that the pipeline replaces before it reads the statement.
    """
    text = path.read_text(encoding="utf-8")
    text = re.sub(r" ON VIOLATION (DROP ROW|FAIL UPDATE)", "", text)
    text = re.sub(r"\$\{(\w+)\}", r"\1", text)
    parsed = [statement for statement in sqlglot.parse(text, read="databricks") if statement]
    assert not any(isinstance(statement, exp.Command) for statement in parsed), "a statement that was not understood"
    return [statement for statement in parsed if not isinstance(statement, exp.Semicolon)]


def selections(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield every sample table that a Python file reads, with the columns that it selects from it at once."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Call(func=ast.Attribute(attr="table"), args=[ast.Constant(value=str(table))]),
                    attr="select",
                ),
                args=columns,
            ) if table.startswith("samples."):
                yield table, [str(column.value) for column in columns if isinstance(column, ast.Constant)]


def query_of(statement: exp.Expr) -> exp.Select:
    query = statement.find(exp.Select)
    assert query is not None
    return query


def columns_of(statement: exp.Expr) -> list[str]:
    return [projection.alias_or_name for projection in query_of(statement).selects]


@pytest.mark.parametrize("path", PYTHON, ids=asset)
class TestPython:
    def test_it_parses(self, path: Path) -> None:
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 11))

    def test_it_says_first_what_it_does(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        said = text.removeprefix(NOTEBOOK).splitlines()[0] if path in NOTEBOOKS else ast.get_docstring(ast.parse(text))
        assert said
        assert said.startswith("# MAGIC %md ") or path not in NOTEBOOKS

    def test_it_holds_no_secret_and_nobody_s_path(self, path: Path) -> None:
        assert not re.search(r"/Users/|@|password|token|dbutils\.secrets", path.read_text(encoding="utf-8"))

    def test_it_reads_confirmed_columns_of_confirmed_tables(self, path: Path) -> None:
        read = list(selections(path))
        for table, columns in read:
            assert set(columns) <= SAMPLES[table].keys()
        named = set(re.findall(r"samples\.\w+\.\w+", path.read_text(encoding="utf-8")))
        assert named == {table for table, _ in read}, "read a sample table by .table(…).select(…)"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=asset)
class TestNotebook:
    def test_it_asks_where_to_write(self, path: Path) -> None:
        declared = re.findall(r'dbutils\.widgets\.text\("(\w+)"', path.read_text(encoding="utf-8"))
        assert declared[:2] == ["catalog", "schema"]

    def test_it_reads_every_parameter_that_it_declares(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        declared = set(re.findall(r'dbutils\.widgets\.text\("(\w+)"', text))
        named = {name for names in re.findall(r"for name in \((.*?)\)", text) for name in re.findall(r'"(\w+)"', names)}
        assert declared == named | set(re.findall(r'dbutils\.widgets\.get\("(\w+)"\)', text))


@pytest.mark.parametrize("path", SQL, ids=asset)
class TestSql:
    def test_it_parses(self, path: Path) -> None:
        assert statements(path)

    def test_it_says_first_what_it_does(self, path: Path) -> None:
        assert path.read_text(encoding="utf-8").startswith("-- The ")

    def test_it_names_the_parameters_that_it_takes(self, path: Path) -> None:
        lines = path.read_text(encoding="utf-8").splitlines()
        heading = " ".join(lines[: next(n for n, line in enumerate(lines) if not line.startswith("--"))])
        rest = "\n".join(lines).removeprefix(heading)
        taken = {node.name for statement in statements(path) for node in statement.find_all(exp.Placeholder)}
        assert taken == set(re.findall(r"(?<= ):(\w+)", heading))
        for key in re.findall(r"\$\{(\w+)\}", rest):
            assert key in heading


class TestColumns:
    """Each step finds the columns that the one before it wrote."""

    def check(self, statement: exp.Expr, tables: dict[str, dict[str, str]]) -> None:
        """Resolve every column of a statement's query; an unknown one is an error of sqlglot."""
        query = query_of(statement)
        for stream in list(query.find_all(exp.Stream)):
            table = stream.find(exp.Table)
            assert table is not None
            stream.replace(table.copy())
        for table in query.find_all(exp.Table):
            assert table.name in tables, f"{table.name} is not a table that a step before wrote"
            table.set("db", None)
            table.set("catalog", None)
        qualify(query, schema={**tables}, dialect="databricks")

    def test_the_daily_sales(self) -> None:
        [(sales, taken)] = selections(ASSETS / "daily-sales/ingest.py")
        raw = {column: SAMPLES[sales][column] for column in taken}
        clean, revenue = statements(ASSETS / "daily-sales/transform.sql")
        written = dict.fromkeys(columns_of(revenue), "STRING")
        self.check(clean, {"sales_raw": raw})
        self.check(revenue, {"sales_clean": dict.fromkeys(columns_of(clean), "STRING")})
        _, report = statements(ASSETS / "daily-sales/report.sql")
        franchises = SAMPLES["samples.bakehouse.sales_franchises"]
        self.check(report, {"daily_revenue": written, "sales_franchises": franchises})
        assert {"day", "franchise_id", "revenue"} <= written.keys()  # what train.py selects

    def test_the_expectations_speak_of_columns_that_are_there(self) -> None:
        for statement in statements(ASSETS / "daily-sales/transform.sql"):
            named = {column.name for schema in statement.find_all(exp.Schema) for column in schema.find_all(exp.Column)}
            assert named
            assert named <= set(columns_of(statement))

    def test_the_document_intake(self) -> None:
        tables = self.created((ASSETS / "document-intake/list_documents.py").read_text(encoding="utf-8"))
        parse = (ASSETS / "document-intake/parse_document.py").read_text(encoding="utf-8")
        failed, documents = (
            {*re.findall(r"(\w+) [A-Z]+", columns), added}
            for columns, added in re.findall(r'"(path STRING[^"]*)"\)\s+\.withColumn\("(\w+)"', parse)
        )
        assert documents == tables["documents"]
        assert failed == tables["documents_failed"]
        _, summary = statements(ASSETS / "document-intake/summarise.sql")
        inner = summary.find(exp.Subquery)
        assert inner is not None
        self.check(inner, {"documents": dict.fromkeys(tables["documents"], "STRING")})

    def test_the_live_orders(self) -> None:
        path = ASSETS / "live-orders/stream_orders.py"
        selected = {column for _, columns in selections(path) for column in columns}
        [expressions] = re.findall(r"\.selectExpr\((.*?)\n    \)", path.read_text(encoding="utf-8"), re.DOTALL)
        wanted = ", ".join(re.findall(r'"(.+)"', expressions))
        query = sqlglot.parse_one(f"SELECT {wanted}", read="databricks")
        assert {column.name for column in query.find_all(exp.Column)} <= selected

    def created(self, text: str) -> dict[str, set[str]]:
        """Return the tables that a notebook creates, with their columns."""
        found = re.findall(r"CREATE TABLE IF NOT EXISTS \S+\.(\w+) \(\s+(.*?)\s+\)", text)
        return {table: set(re.findall(r"(\w+) [A-Z]+", columns)) for table, columns in found}
