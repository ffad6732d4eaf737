# Databricks notebook source
# MAGIC %md Move the documents that this run could not parse out of the landing volume: runs when an iteration failed.
# MAGIC
# MAGIC Only what is recorded in `documents_failed` is moved. A document whose iteration failed for another reason, a
# MAGIC cluster that did not start, say, stays and is tried by the next run.

# COMMAND ----------

from pathlib import Path

from pyspark.sql import functions

dbutils.widgets.text("catalog", "main")
dbutils.widgets.text("schema", "document_intake")
dbutils.widgets.text("landing", "/Volumes/main/document_intake/landing")
dbutils.widgets.text("quarantine", "/Volumes/main/document_intake/quarantine")
dbutils.widgets.text("run_id", "")

catalog, schema, run_id = (dbutils.widgets.get(name) for name in ("catalog", "schema", "run_id"))
landing, quarantine = (Path(dbutils.widgets.get(name)) for name in ("landing", "quarantine"))

# COMMAND ----------

parsed = spark.table(f"`{catalog}`.`{schema}`.documents").select("path")
failed = (
    spark.table(f"`{catalog}`.`{schema}`.documents_failed")
    .where(functions.col("run_id") == run_id)
    .groupBy("path")
    .agg(functions.max_by("problem", "failed_at").alias("problem"))
    .join(parsed, "path", "left_anti")
    .collect()
)

# COMMAND ----------

moved = []
for path, problem in sorted((Path(row.path), row.problem) for row in failed):
    if path.exists():  # a repaired run finds some moved already
        # By run, so that a document of the same name does not take the place of an earlier one.
        destination = quarantine / run_id / path.relative_to(landing)
        dbutils.fs.mkdirs(str(destination.parent))
        dbutils.fs.mv(str(path), str(destination))
        moved.append((str(path), str(destination), problem, run_id))
        print(f"{path}: {problem}")

(
    spark.createDataFrame(moved, "path STRING, moved_to STRING, problem STRING, run_id STRING")
    .withColumn("moved_at", functions.current_timestamp())
    .write.mode("append")
    .saveAsTable(f"`{catalog}`.`{schema}`.documents_quarantined")
)
dbutils.jobs.taskValues.set("moved", len(moved))
