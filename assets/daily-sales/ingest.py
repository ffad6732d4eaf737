# Databricks notebook source
# MAGIC %md Take the bakehouse's sales up to a day into `sales_raw`, and say how many there were on that day.
# MAGIC
# MAGIC A sale is inserted once, however often this runs, and nothing is ever changed: the pipeline behind it reads
# MAGIC `sales_raw` as a stream.

# COMMAND ----------

from delta.tables import DeltaTable
from pyspark.sql import functions

dbutils.widgets.text("catalog", "main")
dbutils.widgets.text("schema", "daily_sales")
dbutils.widgets.text("day", "", "Day (YYYY-MM-DD), or nothing for the last day of the sample")

catalog, schema, day = (dbutils.widgets.get(name) for name in ("catalog", "schema", "day"))
target = f"`{catalog}`.`{schema}`.sales_raw"

# COMMAND ----------

# The card number stays where it is: nothing downstream needs it.
sales = spark.table("samples.bakehouse.sales_transactions").select(
    "transactionID",
    "customerID",
    "franchiseID",
    "dateTime",
    "product",
    "quantity",
    "unitPrice",
    "totalPrice",
    "paymentMethod",
)
if not day:
    day = str(sales.agg(functions.max(functions.to_date("dateTime"))).first()[0])

# COMMAND ----------

sales.limit(0).write.mode("ignore").saveAsTable(target)
(
    DeltaTable.forName(spark, target)
    .alias("raw")
    .merge(
        sales.where(functions.to_date("dateTime") <= functions.lit(day).cast("date")).alias("sales"),
        "raw.transactionID = sales.transactionID",
    )
    .whenNotMatchedInsertAll()
    .execute()
)

# COMMAND ----------

rows = spark.table(target).where(functions.to_date("dateTime") == functions.lit(day).cast("date")).count()
print(f"{rows} sales on {day}")

dbutils.jobs.taskValues.set("day", day)
dbutils.jobs.taskValues.set("rows", rows)
