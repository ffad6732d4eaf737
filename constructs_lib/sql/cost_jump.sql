-- What a run of a job costs in a window, beside the window before: one row, or none where too few runs can tell.
--
-- Only runs that succeeded at the first attempt are compared: a failure ends early and is cheap, a repaired run is paid
-- twice, and more runs than before are no dearer runs. The mean is compared, so that one run that got out of hand counts.
-- The window ends where system.lakeflow.job_run_timeline is known to, because rows arrive hours late; those of
-- system.billing.usage may be later still, and a run that has none yet is not counted.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job
--   :window_hours INT     length of each of the two windows
--   :delay_hours  INT     the allowance: how late rows may arrive
--   :min_runs     INT     runs that each window must have; with fewer there is no row, and an alert is as its
--                         empty_result_state says
-- Columns
--   ratio                 this window's mean over the previous one's, by list price, or by DBU where a run has no price:
--                         the column for an alert's condition
--   cost_per_run, dbus_per_run, runs                              this window; the cost is NULL where a run has no price
--   previous_cost_per_run, previous_dbus_per_run, previous_runs   the window before
--   known_until           end of this window
WITH known AS (
  -- include: known
),
runs AS (
  -- include: runs
),
costs AS (
  -- include: costs
),
paid AS (
  SELECT
    runs.run_id,
    max(runs.ended_at) > (SELECT dateadd(HOUR, -:window_hours, known_until) FROM known) AS in_window,
    sum(costs.dbus) AS dbus,
    CASE WHEN count(costs.list_cost) = count(*) THEN sum(costs.list_cost) END AS list_cost
  FROM runs
  JOIN costs
    ON costs.workspace_id = runs.workspace_id
    AND costs.job_id = runs.job_id
    AND costs.run_id = runs.run_id
  WHERE runs.outcome = 'SUCCEEDED'
    AND runs.repairs = 0
    AND runs.ended_at > (SELECT dateadd(HOUR, -(2 * :window_hours), known_until) FROM known)
  GROUP BY runs.run_id
),
windows AS (
  SELECT
    CASE WHEN count(*) FILTER (WHERE list_cost IS NULL) = 0 THEN avg(list_cost) FILTER (WHERE in_window) END
      AS cost_per_run,
    avg(dbus) FILTER (WHERE in_window) AS dbus_per_run,
    count(*) FILTER (WHERE in_window) AS runs,
    CASE WHEN count(*) FILTER (WHERE list_cost IS NULL) = 0 THEN avg(list_cost) FILTER (WHERE NOT in_window) END
      AS previous_cost_per_run,
    avg(dbus) FILTER (WHERE NOT in_window) AS previous_dbus_per_run,
    count(*) FILTER (WHERE NOT in_window) AS previous_runs
  FROM paid
)
SELECT
  coalesce(cost_per_run / nullif(previous_cost_per_run, 0), dbus_per_run / previous_dbus_per_run) AS ratio,
  cost_per_run,
  dbus_per_run,
  runs,
  previous_cost_per_run,
  previous_dbus_per_run,
  previous_runs,
  known_until
FROM windows
CROSS JOIN known
WHERE runs >= :min_runs
  AND previous_runs >= :min_runs
  AND previous_dbus_per_run > 0
