-- How long the runs of a list of jobs take within a window: two rows for each of the 15 jobs that take longest.
--
-- Only runs that succeeded at the first attempt are timed: a failure ends early, a repaired run has two durations. The
-- window ends where system.lakeflow.job_run_timeline is known to, because its rows arrive hours late.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  one job of the list, or NULL for all of it
--   :job_ids      STRING  the ids of the jobs, with commas between them
--   :window_hours INT     length of the window
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   job, job_id
--   measure               p50 or p95
--   minutes
--   runs                  how many were timed
WITH known AS (
  -- include: known
),
listed AS (
  -- include: listed_jobs
),
runs AS (
  -- include: runs
),
timed AS (
  SELECT
    job_id,
    percentile(duration_seconds, 0.5) / 60 AS p50,
    percentile(duration_seconds, 0.95) / 60 AS p95,
    count(*) AS runs
  FROM runs
  WHERE outcome = 'SUCCEEDED'
    AND repairs = 0
    AND ended_at > (SELECT dateadd(HOUR, -:window_hours, known_until) FROM known)
  GROUP BY job_id
),
longest AS (
  SELECT listed.job, timed.*
  FROM timed
  JOIN listed
    ON listed.job_id = timed.job_id
  ORDER BY timed.p95 DESC, timed.job_id
  LIMIT 15
)
SELECT job, job_id, 'p50' AS measure, p50 AS minutes, runs FROM longest
UNION ALL
SELECT job, job_id, 'p95' AS measure, p95 AS minutes, runs FROM longest
ORDER BY job, job_id, measure
