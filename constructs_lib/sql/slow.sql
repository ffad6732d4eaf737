-- How long a job's runs take in a window, beside the window before: one row, or none where too few runs can tell.
--
-- Only runs that succeeded at the first attempt are timed: a failure ends early, a repaired run has two durations. The
-- window ends where system.lakeflow.job_run_timeline is known to, because its rows arrive hours late.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job
--   :window_hours INT     length of each of the two windows
--   :delay_hours  INT     the allowance: how late rows may arrive
--   :min_runs     INT     runs that each window must have; with fewer there is no row, and an alert is as its
--                         empty_result_state says
-- Columns
--   p50_ratio, p95_ratio  this window's duration over the previous one's: columns for an alert's condition
--   p50_seconds, p95_seconds, runs                              this window
--   previous_p50_seconds, previous_p95_seconds, previous_runs   the window before
--   known_until           end of this window
WITH known AS (
  -- include: known
),
runs AS (
  -- include: runs
),
timed AS (
  SELECT
    duration_seconds,
    ended_at > dateadd(HOUR, -:window_hours, known_until) AS in_window
  FROM runs
  CROSS JOIN known
  WHERE outcome = 'SUCCEEDED'
    AND repairs = 0
    AND ended_at > dateadd(HOUR, -(2 * :window_hours), known_until)
),
durations AS (
  SELECT
    percentile(duration_seconds, 0.5) FILTER (WHERE in_window) AS p50_seconds,
    percentile(duration_seconds, 0.95) FILTER (WHERE in_window) AS p95_seconds,
    count(*) FILTER (WHERE in_window) AS runs,
    percentile(duration_seconds, 0.5) FILTER (WHERE NOT in_window) AS previous_p50_seconds,
    percentile(duration_seconds, 0.95) FILTER (WHERE NOT in_window) AS previous_p95_seconds,
    count(*) FILTER (WHERE NOT in_window) AS previous_runs
  FROM timed
)
SELECT
  -- At least a second, so that runs too short to be measured do not divide by zero.
  p50_seconds / greatest(previous_p50_seconds, 1) AS p50_ratio,
  p95_seconds / greatest(previous_p95_seconds, 1) AS p95_ratio,
  p50_seconds,
  p95_seconds,
  runs,
  previous_p50_seconds,
  previous_p95_seconds,
  previous_runs,
  known_until
FROM durations
CROSS JOIN known
WHERE runs >= :min_runs
  AND previous_runs >= :min_runs
