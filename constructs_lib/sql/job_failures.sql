-- Why the runs of every job failed, timed out or were skipped in a window: one row for each job, outcome and reason.
--
-- A run counts by its last state, see runs.sql. The window ends where system.lakeflow.job_run_timeline is known to,
-- because its rows arrive hours late.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job; NULL reads every job of the workspace
--   :window_hours INT     length of the window
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   job_id
--   outcome                   FAILED, TIMED_OUT or SKIPPED
--   code                      termination_code; UNKNOWN where there is none
--   runs                      how many
--   last_at, last_run_id      the latest of them
WITH known AS (
  -- include: known
),
runs AS (
  -- include: runs
)
SELECT
  job_id,
  outcome,
  coalesce(termination_code, 'UNKNOWN') AS code,
  count(*) AS runs,
  max(ended_at) AS last_at,
  max_by(run_id, struct(ended_at, run_id)) AS last_run_id
FROM runs
CROSS JOIN known
WHERE outcome IN ('FAILED', 'TIMED_OUT', 'SKIPPED')
  AND ended_at > dateadd(HOUR, -:window_hours, known_until)
  AND ended_at <= known_until
GROUP BY job_id, outcome, coalesce(termination_code, 'UNKNOWN')
