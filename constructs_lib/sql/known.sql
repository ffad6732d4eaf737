-- How far system.lakeflow.job_run_timeline is known for a workspace: one row.
--
-- The table is behind by hours, and it is silent where nothing runs. Rows say nothing about the time after the newest
-- of them, so that is where every window ends; where no row is newer than the allowance, the workspace is taken to be
-- quiet and the table to be complete up to then, for a job that no longer starts leaves no rows at all.
--
-- Parameters
--   :workspace_id STRING  the workspace; the table holds every workspace of the account in this region
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   known_until           end of the newest row, at the earliest :delay_hours ago
SELECT
  coalesce(max(period_end_time), dateadd(HOUR, -:delay_hours, current_timestamp())) AS known_until
FROM system.lakeflow.job_run_timeline
WHERE workspace_id = :workspace_id
  AND period_end_time > dateadd(HOUR, -:delay_hours, current_timestamp())
