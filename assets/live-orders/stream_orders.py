# Databricks notebook source
# MAGIC %md Keep `orders_live` up to date with the orders, each with its customer's segment and country, until stopped.
# MAGIC
# MAGIC For a continuous job on a cluster: serverless compute has no triggers by time. The checkpoint remembers what was
# MAGIC read, so a run goes on where the last one ended. The backlog is a metric of the query itself, for a health
# MAGIC rule of the job to watch.

# COMMAND ----------

dbutils.widgets.text("catalog", "main")
dbutils.widgets.text("schema", "live_orders")
dbutils.widgets.text("checkpoint", "/Volumes/main/live_orders/checkpoints/orders_live")
dbutils.widgets.text("every", "30 seconds")

catalog, schema, checkpoint, every = (
    dbutils.widgets.get(name) for name in ("catalog", "schema", "checkpoint", "every")
)

# COMMAND ----------

customers = spark.table("samples.tpch.customer").select("c_custkey", "c_mktsegment", "c_nationkey")
nations = spark.table("samples.tpch.nation").select("n_nationkey", "n_name")

# One file at a time: the sample does not grow, and so it arrives in pieces as orders would.
orders = (
    spark.readStream.option("maxFilesPerTrigger", 1)
    .table("samples.tpch.orders")
    .select("o_orderkey", "o_custkey", "o_orderstatus", "o_totalprice", "o_orderdate", "o_orderpriority")
)
enriched = (
    orders.join(customers, orders["o_custkey"] == customers["c_custkey"], "left")
    .join(nations, customers["c_nationkey"] == nations["n_nationkey"], "left")
    .selectExpr(
        "o_orderkey AS order_id",
        "o_orderdate AS ordered_on",
        "o_orderstatus AS status",
        "o_orderpriority AS priority",
        "o_totalprice AS total",
        "c_mktsegment AS segment",
        "n_name AS country",
        "current_timestamp() AS arrived_at",
    )
)

# COMMAND ----------

query = (
    enriched.writeStream.queryName("orders_live")
    .option("checkpointLocation", checkpoint)
    .trigger(processingTime=every)
    .toTable(f"`{catalog}`.`{schema}`.orders_live")
)
query.awaitTermination()
