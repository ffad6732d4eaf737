# Databricks notebook source
# MAGIC %md List the documents in the landing volume that are not in `documents` yet, for the loop to parse one by one.
# MAGIC
# MAGIC A run takes no more than `limit` of them, because a task value holds 48 KiB; the next run takes the rest.

# COMMAND ----------

import json
from pathlib import Path

dbutils.widgets.text("catalog", "main")
dbutils.widgets.text("schema", "document_intake")
dbutils.widgets.text("landing", "/Volumes/main/document_intake/landing")
dbutils.widgets.text("limit", "100")

catalog, schema, landing = (dbutils.widgets.get(name) for name in ("catalog", "schema", "landing"))
limit = int(dbutils.widgets.get("limit"))
TASK_VALUE_BYTES = 48 * 1024

# COMMAND ----------

# Here and not in the loop, whose iterations would create them at the same time.
spark.sql(f"""
    CREATE TABLE IF NOT EXISTS `{catalog}`.`{schema}`.documents (
      path STRING, kind STRING, bytes BIGINT, records BIGINT, content STRING, parsed_at TIMESTAMP
    ) COMMENT 'Documents of the landing volume; one parsed twice has two rows'
""")
spark.sql(f"""
    CREATE TABLE IF NOT EXISTS `{catalog}`.`{schema}`.documents_failed (
      path STRING, problem STRING, run_id STRING, failed_at TIMESTAMP
    ) COMMENT 'Documents that could not be parsed; one tried twice has two rows'
""")

# COMMAND ----------

parsed = {row.path for row in spark.table(f"`{catalog}`.`{schema}`.documents").select("path").distinct().collect()}
arrived = sorted(file for file in Path(landing).rglob("*") if file.is_file())
new = [
    {"path": str(file), "kind": file.suffix.removeprefix(".").lower()} for file in arrived if str(file) not in parsed
]

documents = new[:limit]
while len(json.dumps(documents).encode()) > TASK_VALUE_BYTES:
    documents.pop()
print(f"{len(documents)} documents for this run, {len(new) - len(documents)} for the next")

dbutils.jobs.taskValues.set("documents", documents)
dbutils.jobs.taskValues.set("count", len(documents))
