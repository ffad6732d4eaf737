# Databricks notebook source
# MAGIC %md Record that a day was not published because it had too few sales: the other branch of the quality gate.
# MAGIC
# MAGIC What was published before stays, so a reader of `sales_published` finds here why it is old.

# COMMAND ----------

from datetime import date

dbutils.widgets.text("catalog", "main")
dbutils.widgets.text("schema", "daily_sales")
dbutils.widgets.text("short_day", "")
dbutils.widgets.text("rows", "0")
dbutils.widgets.text("needed", "0")
dbutils.widgets.text("run_id", "")

catalog, schema, day, run_id = (dbutils.widgets.get(name) for name in ("catalog", "schema", "short_day", "run_id"))
rows, needed = (int(dbutils.widgets.get(name)) for name in ("rows", "needed"))

# COMMAND ----------

gap = (date.fromisoformat(day), rows, needed, run_id)
(
    spark.createDataFrame([gap], "day DATE, sales BIGINT, needed BIGINT, run_id STRING")
    .write.mode("append")
    .saveAsTable(f"`{catalog}`.`{schema}`.sales_gaps")
)
print(f"{rows} sales on {day}, at least {needed} are needed: nothing published")
