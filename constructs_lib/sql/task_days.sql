-- The executions of every task by day, in the runs of a window: one row for each job, task and day.
--
-- An execution counts by its last attempt, on the day on which its run ended; see tries.sql for both, and for the window,
-- which ends where rows that arrive hours late are known to.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job; NULL reads every job of the workspace
--   :window_hours INT     length of the window
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   job_id, task_key, day
--   runs          executions that started
--   failed        those that failed or timed out
--   p50           execution seconds of those that succeeded
WITH tries AS (
  -- include: tries
)
SELECT
  job_id,
  task_key,
  day,
  count(*) AS runs,
  count_if(failed) AS failed,
  percentile(execution_seconds, 0.5) FILTER (WHERE outcome = 'SUCCEEDED') AS p50
FROM tries
WHERE latest
  AND outcome <> 'SKIPPED'
GROUP BY job_id, task_key, day
