-- How long the tasks of each run took, and how much of it was setup: one row for each run that says so.
--
-- The tables have a run's own setup only where it has one task. Rows arrive hours late; before December 2025 none says.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job; NULL reads every job of the workspace
--   :window_hours INT     what the caller looks at; read are twice this and two days more, as runs.sql does
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   job_id, run_id
--   task_setup_seconds   setup of all attempts at all tasks
--   task_seconds         their setup, execution and cleanup
WITH attempts AS (
  -- include: attempts
)
SELECT
  job_id,
  run_id,
  sum(setup_seconds) AS task_setup_seconds,
  sum(setup_seconds + execution_seconds + coalesce(cleanup_seconds, 0)) AS task_seconds
FROM attempts
WHERE setup_seconds IS NOT NULL
GROUP BY job_id, run_id
