-- Why the runs of a list of jobs failed, timed out or were skipped within a window: one row for each job and reason.
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
--   job, job_id
--   outcome               FAILED, TIMED_OUT or SKIPPED
--   termination_code      as the platform gives it; UNKNOWN where it gives none
--   runs                  how many ended so
--   last_at, last_run_id  the latest of them
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
  runs.outcome,
  coalesce(runs.termination_code, 'UNKNOWN') AS termination_code,
  count(*) AS runs,
  max(runs.ended_at) AS last_at,
  max_by(runs.run_id, runs.ended_at) AS last_run_id
FROM runs
JOIN listed
  ON listed.job_id = runs.job_id
WHERE runs.outcome IN ('FAILED', 'TIMED_OUT', 'SKIPPED')
  AND runs.ended_at > (SELECT dateadd(HOUR, -:window_hours, known_until) FROM known)
GROUP BY listed.job, runs.job_id, runs.outcome, coalesce(runs.termination_code, 'UNKNOWN')
ORDER BY runs DESC, listed.job, runs.outcome, termination_code
