-- The figures of every job's runs by day: one row for each job and day with runs, of a window and the window before.
--
-- A run belongs to the day on which it ended, UTC. The window ends where system.lakeflow.job_run_timeline is known to,
-- because its rows arrive hours late.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job; NULL reads every job of the workspace
--   :window_hours INT     length of each of the two windows
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   job_id
--   part                 the day
--   since, until         the bounds of the two windows
--   the others           as in stats.sql; setup_share of runs only
WITH known AS (
  -- include: known
),
runs AS (
  -- include: runs
),
placed AS (
  SELECT
    runs.*,
    runs.day AS part,
    dateadd(HOUR, -(2 * :window_hours), known.known_until) AS since,
    known.known_until AS until,
    CAST(NULL AS BIGINT) AS task_setup_seconds,
    CAST(NULL AS BIGINT) AS task_seconds
  FROM runs
  CROSS JOIN known
  WHERE runs.ended_at > dateadd(HOUR, -(2 * :window_hours), known.known_until)
    AND runs.ended_at <= known.known_until
)
-- include: stats
