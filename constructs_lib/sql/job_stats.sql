-- The figures of every job's runs in a window and in the window before: one row for each job and window with runs.
--
-- A run belongs to the window in which it ended, one that goes on to the present one. The window ends where
-- system.lakeflow.job_run_timeline is known to, because its rows arrive hours late.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job; NULL reads every job of the workspace
--   :window_hours INT     length of each of the two windows
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   job_id
--   part                 'current' or 'previous'
--   since, until         the bounds of the window
--   the others           as in stats.sql
WITH known AS (
  -- include: known
),
runs AS (
  -- include: runs
),
setups AS (
  -- include: setups
),
windows AS (
  SELECT
    'current' AS part,
    dateadd(HOUR, -:window_hours, known_until) AS since,
    known_until AS until
  FROM known
  UNION ALL
  SELECT
    'previous' AS part,
    dateadd(HOUR, -(2 * :window_hours), known_until) AS since,
    dateadd(HOUR, -:window_hours, known_until) AS until
  FROM known
),
placed AS (
  SELECT
    runs.*,
    windows.part,
    windows.since,
    windows.until,
    setups.task_setup_seconds,
    setups.task_seconds
  FROM runs
  INNER JOIN windows
    ON runs.ended_at > windows.since
    AND runs.ended_at <= windows.until
  LEFT JOIN setups
    ON setups.job_id = runs.job_id
    AND setups.run_id = runs.run_id
)
-- include: stats
