-- How long the runs of a list of jobs take in a window: two rows for each of the 15 jobs that take longest.
--
-- What job_stats.sql finds, of runs that succeeded at the first attempt; the window ends where the system tables are known
-- to, because their rows arrive hours late.
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
WITH listed AS (
  -- include: listed_jobs
),
stats AS (
  -- include: job_stats
),
longest AS (
  SELECT
    listed.job,
    stats.job_id,
    stats.p50 / 60 AS p50,
    stats.p95 / 60 AS p95,
    stats.timed AS runs
  FROM stats
  INNER JOIN listed
    ON listed.job_id = stats.job_id
  WHERE stats.part = 'current'
    AND stats.timed > 0
  ORDER BY stats.p95 DESC, stats.job_id
  LIMIT 15
)
SELECT job, job_id, 'p50' AS measure, p50 AS minutes, runs FROM longest
UNION ALL
SELECT job, job_id, 'p95' AS measure, p95 AS minutes, runs FROM longest
ORDER BY job, job_id, measure
