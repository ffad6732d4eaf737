-- The runs of a list of jobs within a window: one row for each run, for charts that count them.
--
-- The window ends where system.lakeflow.job_run_timeline is known to, because its rows arrive hours late.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  one job of the list, or NULL for all of it
--   :job_ids      STRING  the ids of the jobs, with commas between them
--   :window_hours INT     length of the window
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   job, job_id, run_id
--   ended_at, day         when it ended, or what is known last of it; UTC
--   outcome, termination_code   as in runs.sql
--   success               1 where it succeeded, 0 where it failed or timed out, else NULL: its mean is the success rate
--   failed                1 where it failed or timed out, else 0
WITH known AS (
  -- include: known
),
listed AS (
  -- include: listed_jobs
),
runs AS (
  -- include: runs
)
SELECT
  listed.job,
  runs.job_id,
  runs.run_id,
  runs.ended_at,
  runs.day,
  runs.outcome,
  runs.termination_code,
  CASE WHEN runs.outcome = 'SUCCEEDED' THEN 1 WHEN runs.failed THEN 0 END AS success,
  CASE WHEN runs.failed THEN 1 ELSE 0 END AS failed
FROM runs
JOIN listed
  ON listed.job_id = runs.job_id
WHERE runs.ended_at > (SELECT dateadd(HOUR, -:window_hours, known_until) FROM known)
ORDER BY runs.ended_at, runs.job_id, runs.run_id
