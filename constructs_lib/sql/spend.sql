-- What a job's runs used within a window, however they ended: always one row.
--
-- A run counts with what it used on each day that began, for this run, within the window. The window ends where
-- system.billing.usage is known to, because its rows arrive hours late; a row later than its neighbours is counted by
-- the next evaluation, if the window is longer than the delay. What is not in it: see costs.sql.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job
--   :window_hours INT     length of the window
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   list_cost             by list price, of everything that has a price; a column for an alert's condition, never NULL
--   dbus                  Databricks units; the other column for an alert's condition, never NULL
--   dbus_without_price    those of them that are not in list_cost
--   currency              of list_cost
--   runs                  runs that used something
--   dearest_run_id        the run that used most; NULL without one
--   known_until           end of the window
WITH known AS (
  -- include: known_costs
),
costs AS (
  -- include: costs
),
spent AS (
  SELECT
    run_id,
    sum(dbus) AS dbus,
    sum(list_cost) AS list_cost,
    sum(dbus) FILTER (WHERE list_cost IS NULL) AS dbus_without_price
  FROM costs
  WHERE used_since > (SELECT dateadd(HOUR, -:window_hours, known_until) FROM known)
  GROUP BY run_id
)
SELECT
  coalesce(sum(list_cost), 0) AS list_cost,
  coalesce(sum(dbus), 0) AS dbus,
  coalesce(sum(dbus_without_price), 0) AS dbus_without_price,
  'USD' AS currency,
  count(*) AS runs,
  max_by(run_id, dbus) AS dearest_run_id,
  (SELECT known_until FROM known) AS known_until
FROM spent
