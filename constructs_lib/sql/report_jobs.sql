-- What became of each job of a list in a window, beside the window before: one row for each, also without runs.
--
-- What job_stats.sql and job_costs.sql find; the windows end where the system tables are known to, because their rows
-- arrive hours late.
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
--   runs                  that ended in the window, or go on
--   failed, skipped       of them: failed or timed out, and never started
--   success_rate          of those that ended by themselves; NULL without one
--   p50_minutes, p95_minutes   of runs that succeeded at the first attempt; NULL without one
--   p50_change            of the median against the window before: 0.5 is half as long again; NULL on too few runs
--   setup_share           of the runs' time
--   list_cost, previous_list_cost, dbus   as in costs.sql; NULL where nothing was used
WITH listed AS (
  -- include: listed_jobs
),
stats AS (
  -- include: job_stats
),
spent AS (
  -- include: job_costs
)
SELECT
  listed.job,
  listed.job_id,
  coalesce(
    now.succeeded + now.failed + now.timed_out + now.cancelled + now.skipped + now.running + now.other,
    0
  ) AS runs,
  now.succeeded / nullif(now.succeeded + now.failed + now.timed_out, 0) AS success_rate,
  coalesce(now.failed + now.timed_out, 0) AS failed,
  coalesce(now.skipped, 0) AS skipped,
  now.p50 / 60 AS p50_minutes,
  now.p95 / 60 AS p95_minutes,
  CASE
    WHEN now.timed >= :min_runs AND before.timed >= :min_runs
      THEN now.p50 / greatest(before.p50, 1) - 1
  END AS p50_change,
  now.setup_share,
  paid.list_cost,
  paid_before.list_cost AS previous_list_cost,
  paid.dbus
FROM listed
LEFT JOIN stats AS now
  ON now.job_id = listed.job_id
  AND now.part = 'current'
LEFT JOIN stats AS before
  ON before.job_id = listed.job_id
  AND before.part = 'previous'
LEFT JOIN spent AS paid
  ON paid.job_id = listed.job_id
  AND paid.part = 'current'
LEFT JOIN spent AS paid_before
  ON paid_before.job_id = listed.job_id
  AND paid_before.part = 'previous'
ORDER BY listed.job, listed.job_id
