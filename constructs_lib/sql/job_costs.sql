-- What the runs of every job used in a window and in the window before: one row for each job and window with usage.
--
-- By list price, see costs.sql for what is not in it. A run belongs to the window in which it ended; usage whose run is
-- not known, to that in which it began. The window ends where job_run_timeline is known to: rows arrive hours late.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job; NULL reads every job of the workspace
--   :window_hours INT     length of each of the two windows
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   job_id
--   part                                    'current' or 'previous'
--   dbus, list_cost, currency               as in costs.sql
--   runs                                    runs with usage
--   per_run_mean, per_run_p90, per_run_max  DBUs of a run; NULL where no run is known
--   serverless_share                        of the DBUs
WITH known AS (
  -- include: known
),
runs AS (
  -- include: runs
),
costs AS (
  -- include: costs
),
by_run AS (
  SELECT
    job_id,
    run_id,
    min(used_since) AS used_since,
    sum(dbus) AS dbus,
    sum(dbus) FILTER (WHERE serverless) AS serverless_dbus,
    CASE WHEN count(list_cost) = count(*) THEN sum(list_cost) END AS list_cost,
    max(currency) AS currency
  FROM costs
  GROUP BY job_id, run_id
),
placed AS (
  SELECT
    by_run.*,
    CASE
      WHEN coalesce(runs.ended_at, by_run.used_since) > dateadd(HOUR, -:window_hours, known.known_until) THEN 'current'
      ELSE 'previous'
    END AS part
  FROM by_run
  LEFT JOIN runs
    ON runs.job_id = by_run.job_id
    AND runs.run_id = by_run.run_id
  CROSS JOIN known
  WHERE coalesce(runs.ended_at, by_run.used_since) > dateadd(HOUR, -(2 * :window_hours), known.known_until)
    AND coalesce(runs.ended_at, by_run.used_since) <= known.known_until
)
SELECT
  job_id,
  part,
  sum(dbus) AS dbus,
  CASE WHEN count(list_cost) = count(*) THEN sum(list_cost) END AS list_cost,
  max(currency) AS currency,
  count(run_id) AS runs,
  avg(dbus) FILTER (WHERE run_id IS NOT NULL) AS per_run_mean,
  percentile(dbus, 0.9) FILTER (WHERE run_id IS NOT NULL) AS per_run_p90,
  max(dbus) FILTER (WHERE run_id IS NOT NULL) AS per_run_max,
  coalesce(sum(serverless_dbus), 0) / nullif(sum(dbus), 0) AS serverless_share
FROM placed
GROUP BY job_id, part
