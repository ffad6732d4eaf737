# Databricks notebook source
# MAGIC %md Parse one document into `documents`: the body of the loop.
# MAGIC
# MAGIC It only appends, because iterations run at the same time and appends never conflict. A retry may append a second
# MAGIC row, so readers take the latest. A document that is itself at fault is recorded in `documents_failed`.

# COMMAND ----------

import csv
import io
import json
from pathlib import Path

from pyspark.sql import functions

dbutils.widgets.text("catalog", "main")
dbutils.widgets.text("schema", "document_intake")
dbutils.widgets.text("path", "")
dbutils.widgets.text("kind", "")
dbutils.widgets.text("run_id", "")

catalog, schema, path, kind, run_id = (
    dbutils.widgets.get(name) for name in ("catalog", "schema", "path", "kind", "run_id")
)

# COMMAND ----------


def records_of_json(content):
    document = json.loads(content)
    return len(document) if isinstance(document, list) else 1


def records_of_csv(content):
    return sum(1 for _ in csv.DictReader(io.StringIO(content), strict=True))


def records_of_text(content):
    return len(content.splitlines())


RECORDS = {"csv": records_of_csv, "json": records_of_json, "md": records_of_text, "txt": records_of_text}


def parse():
    if kind not in RECORDS:
        raise ValueError(f"its kind is {kind!r}; understood are {', '.join(sorted(RECORDS))}")
    data = Path(path).read_bytes()
    content = data.decode("utf-8")
    return path, kind, len(data), RECORDS[kind](content), content


# COMMAND ----------

try:
    document = parse()
except (ValueError, csv.Error) as problem:
    (
        spark.createDataFrame([(path, str(problem), run_id)], "path STRING, problem STRING, run_id STRING")
        .withColumn("failed_at", functions.current_timestamp())
        .write.mode("append")
        .saveAsTable(f"`{catalog}`.`{schema}`.documents_failed")
    )
    raise

(
    spark.createDataFrame([document], "path STRING, kind STRING, bytes BIGINT, records BIGINT, content STRING")
    .withColumn("parsed_at", functions.current_timestamp())
    .write.mode("append")
    .saveAsTable(f"`{catalog}`.`{schema}`.documents")
)
print(f"{path}: {document[3]} records")
