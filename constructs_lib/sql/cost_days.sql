-- What every job used by day: one row for each job and day with usage, of a window and the window before.
--
-- By list price, on the day of the usage, UTC; see costs.sql for what is not in it. The window ends where
-- job_run_timeline is known to: rows arrive hours late.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job; NULL reads every job of the workspace
--   :window_hours INT     length of each of the two windows
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   job_id, day
--   dbus, list_cost   as in costs.sql
WITH known AS (
  -- include: known
),
costs AS (
  -- include: costs
)
SELECT
  job_id,
  day,
  sum(dbus) AS dbus,
  CASE WHEN count(list_cost) = count(*) THEN sum(list_cost) END AS list_cost
FROM costs
CROSS JOIN known
WHERE used_until > dateadd(HOUR, -(2 * :window_hours), known_until)
  AND used_since <= known_until
GROUP BY job_id, day
