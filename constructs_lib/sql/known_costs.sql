-- How far system.billing.usage is known for the jobs of a workspace: one row.
--
-- The table is behind by hours, and it is silent where nothing runs. As in known.sql, windows end with the newest of its
-- rows, and where no row is newer than the allowance the workspace is taken to be quiet.
--
-- Parameters
--   :workspace_id STRING  the workspace; the table holds every workspace of the account in this region
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   known_until           end of the newest usage, at the earliest :delay_hours ago
SELECT
  coalesce(max(usage_end_time), dateadd(HOUR, -:delay_hours, current_timestamp())) AS known_until
FROM system.billing.usage
WHERE workspace_id = :workspace_id
  AND billing_origin_product = 'JOBS'
  AND usage_date >= CAST(dateadd(HOUR, -(:delay_hours + 24), current_timestamp()) AS DATE)
  AND usage_end_time > dateadd(HOUR, -:delay_hours, current_timestamp())
