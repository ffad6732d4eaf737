-- What became of each job of a list within a window, beside the window before: one row for each, also without runs.
--
-- Durations are of runs that succeeded at the first attempt. The windows end where the system tables are known to,
-- because their rows arrive hours late.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  one job of the list, or NULL for all of it
--   :job_ids      STRING  the ids of the jobs, with commas between them
--   :window_hours INT     length of each of the two windows
--   :delay_hours  INT     the allowance: how late rows may arrive
--   :min_runs     INT     runs that each window must have for a change of the duration to be said
-- Columns
--   job, job_id
--   runs, failed, skipped runs that ended in the window, or go on; of them failed or timed out, and never started
--   success_rate          of those that ended by themselves; NULL without one
--   p50_minutes, p95_minutes   NULL without a run that succeeded
--   p50_change            of the median against the window before: 0.5 is half as long again; NULL on too few runs
--   list_cost, previous_list_cost   in US dollars, of what has a price; NULL where nothing was used, or has none
--   dbus                  Databricks units
--   last_outcome, last_run_at   of the latest run of both windows
WITH known AS (
  -- include: known
),
known_costs AS (
  -- include: known_costs
),
listed AS (
  -- include: listed_jobs
),
runs AS (
  -- include: runs
),
costs AS (
  -- include: costs
),
ended AS (
  SELECT
    runs.*,
    outcome = 'SUCCEEDED' AND repairs = 0 AS timed,
    ended_at > dateadd(HOUR, -:window_hours, known_until) AS in_window
  FROM runs
  CROSS JOIN known
  WHERE ended_at > dateadd(HOUR, -(2 * :window_hours), known_until)
),
by_job AS (
  SELECT
    job_id,
    count(*) FILTER (WHERE in_window) AS runs,
    count(*) FILTER (WHERE in_window AND failed) AS failed,
    count(*) FILTER (WHERE in_window AND outcome = 'SUCCEEDED') AS succeeded,
    count(*) FILTER (WHERE in_window AND outcome = 'SKIPPED') AS skipped,
    count(*) FILTER (WHERE in_window AND timed) AS timed_runs,
    count(*) FILTER (WHERE NOT in_window AND timed) AS previous_timed_runs,
    percentile(duration_seconds, 0.5) FILTER (WHERE in_window AND timed) AS p50,
    percentile(duration_seconds, 0.95) FILTER (WHERE in_window AND timed) AS p95,
    percentile(duration_seconds, 0.5) FILTER (WHERE NOT in_window AND timed) AS previous_p50,
    max_by(outcome, ended_at) AS last_outcome,
    max(ended_at) AS last_run_at
  FROM ended
  GROUP BY job_id
),
spent AS (
  SELECT
    job_id,
    sum(list_cost) FILTER (WHERE used_since > dateadd(HOUR, -:window_hours, known_until)) AS list_cost,
    sum(list_cost) FILTER (WHERE used_since <= dateadd(HOUR, -:window_hours, known_until)) AS previous_list_cost,
    sum(dbus) FILTER (WHERE used_since > dateadd(HOUR, -:window_hours, known_until)) AS dbus
  FROM costs
  CROSS JOIN known_costs
  WHERE used_since > dateadd(HOUR, -(2 * :window_hours), known_until)
  GROUP BY job_id
)
SELECT
  listed.job,
  listed.job_id,
  coalesce(by_job.runs, 0) AS runs,
  by_job.succeeded / nullif(by_job.succeeded + by_job.failed, 0) AS success_rate,
  coalesce(by_job.failed, 0) AS failed,
  coalesce(by_job.skipped, 0) AS skipped,
  by_job.p50 / 60 AS p50_minutes,
  by_job.p95 / 60 AS p95_minutes,
  CASE
    WHEN by_job.timed_runs >= :min_runs AND by_job.previous_timed_runs >= :min_runs
      THEN by_job.p50 / greatest(by_job.previous_p50, 1) - 1
  END AS p50_change,
  spent.list_cost,
  spent.previous_list_cost,
  spent.dbus,
  by_job.last_outcome,
  by_job.last_run_at
FROM listed
LEFT JOIN by_job
  ON by_job.job_id = listed.job_id
LEFT JOIN spent
  ON spent.job_id = listed.job_id
ORDER BY listed.job, listed.job_id
