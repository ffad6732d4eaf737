-- What the runs of a job used, by list price: one row for each run, day and kind of compute, corrections netted.
--
-- system.billing.usage corrects itself by rows of its own: a retraction is a negative quantity and a restatement the
-- right one, so that a sum nets them and a filter by record_type does not. Its rows arrive hours late. A run that goes on
-- over midnight has a row for each day. Of a list price's versions that one counts which was valid when the usage began.
--
-- Not in it: discounts, the virtual machines of classic compute where the cloud bills them (Azure), and what tasks used
-- on SQL warehouses, all-purpose clusters and pipelines, which are billed under those.
--
-- Parameters
--   :workspace_id STRING  the workspace; the table holds every workspace of the account in this region
--   :job_id       STRING  the job; NULL reads every job of the workspace
--   :window_hours INT     what the caller looks at; read are twice this, for the window before, and two days more
-- Columns
--   workspace_id, job_id, run_id
--   day                   usage_date, UTC
--   serverless            whether it was serverless compute
--   used_since, used_until   first and last instant of the usage
--   dbus                  Databricks units
--   list_cost             in the currency; NULL where a part of the usage has no price
--   currency              of list_cost
SELECT
  usage.workspace_id,
  usage.usage_metadata.job_id AS job_id,
  usage.usage_metadata.job_run_id AS run_id,
  usage.usage_date AS day,
  coalesce(usage.product_features.is_serverless, FALSE) AS serverless,
  min(usage.usage_start_time) AS used_since,
  max(usage.usage_end_time) AS used_until,
  CAST(sum(usage.usage_quantity) AS DOUBLE) AS dbus,
  CASE
    WHEN count(prices.sku_name) = count(*)
      THEN sum(CAST(usage.usage_quantity AS DOUBLE) * CAST(prices.pricing.effective_list.default AS DOUBLE))
  END AS list_cost,
  'USD' AS currency
FROM system.billing.usage AS usage
LEFT JOIN system.billing.list_prices AS prices
  ON prices.cloud = usage.cloud
  AND prices.sku_name = usage.sku_name
  AND prices.usage_unit = usage.usage_unit
  AND prices.currency_code = 'USD'
  AND prices.price_start_time <= usage.usage_start_time
  AND (prices.price_end_time IS NULL OR prices.price_end_time > usage.usage_start_time)
WHERE usage.workspace_id = :workspace_id
  AND usage.billing_origin_product = 'JOBS'
  AND usage.usage_metadata.job_id = coalesce(:job_id, usage.usage_metadata.job_id)
  AND usage.usage_date >= CAST(dateadd(HOUR, -(2 * :window_hours + 48), current_timestamp()) AS DATE)
GROUP BY
  usage.workspace_id,
  usage.usage_metadata.job_id,
  usage.usage_metadata.job_run_id,
  usage.usage_date,
  coalesce(usage.product_features.is_serverless, FALSE)
