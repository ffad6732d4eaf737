-- The computes that the tasks of each run in a window ran on: one row for each run and compute.
--
-- The window ends where system.lakeflow.job_run_timeline is known to: rows arrive hours late.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job; NULL reads every job of the workspace
--   :window_hours INT     length of the window, in which the run ended, or goes on
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   workspace_id, job_id, run_id
--   compute_id              of a cluster, or a SQL warehouse
--   used_since, used_until  from the first task's start on it to the last one's end
WITH known AS (
  -- include: known
),
runs AS (
  -- include: runs
),
used AS (
  SELECT
    workspace_id,
    job_id,
    job_run_id,
    compute_id,
    min(period_start_time) AS used_since,
    max(period_end_time) AS used_until
  FROM system.lakeflow.job_task_run_timeline
  LATERAL VIEW explode(compute_ids) ids AS compute_id
  WHERE workspace_id = :workspace_id
    AND job_id = coalesce(:job_id, job_id)
    AND period_end_time > dateadd(HOUR, -(2 * :window_hours + :delay_hours + 48), current_timestamp())
  GROUP BY workspace_id, job_id, job_run_id, compute_id
)
SELECT
  used.workspace_id,
  used.job_id,
  used.job_run_id AS run_id,
  used.compute_id,
  used.used_since,
  used.used_until
FROM used
INNER JOIN runs
  ON runs.job_id = used.job_id
  AND runs.run_id = used.job_run_id
CROSS JOIN known
WHERE runs.ended_at > dateadd(HOUR, -:window_hours, known.known_until)
  AND runs.ended_at <= known.known_until
