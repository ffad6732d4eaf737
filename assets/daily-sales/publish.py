# Databricks notebook source
# MAGIC %md Publish the report: `sales_published` is what dashboards read, and it changes in one step.
# MAGIC
# MAGIC Who may read it is said beside the job in Terraform, not here.

# COMMAND ----------

from pyspark.sql import functions

dbutils.widgets.text("catalog", "main")
dbutils.widgets.text("schema", "daily_sales")

catalog, schema = (dbutils.widgets.get(name) for name in ("catalog", "schema"))

# COMMAND ----------

report = spark.table(f"`{catalog}`.`{schema}`.sales_report")
day = report.agg(functions.max("day")).first()[0]
if day is None:
    raise ValueError("sales_report is empty: what is published stays as it is")

(
    report.withColumn("published_at", functions.current_timestamp())
    .write.mode("overwrite")
    .option("overwriteSchema", "true")
    .saveAsTable(f"`{catalog}`.`{schema}`.sales_published")
)
print(f"published up to {day}")
