-- Why attempts at every task failed or timed out, in the runs of a window: one row for each job, task, outcome and reason.
--
-- See tries.sql for the window, which ends where rows that arrive hours late are known to.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job; NULL reads every job of the workspace
--   :window_hours INT     length of the window
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   job_id, task_key
--   outcome       FAILED or TIMED_OUT
--   code          termination_code; UNKNOWN where there is none
--   attempts      how many
WITH tries AS (
  -- include: tries
)
SELECT
  job_id,
  task_key,
  outcome,
  coalesce(termination_code, 'UNKNOWN') AS code,
  count(*) AS attempts
FROM tries
WHERE failed
GROUP BY job_id, task_key, outcome, coalesce(termination_code, 'UNKNOWN')
