-- What the runs of a list of jobs used within a window: one row for each job and day.
--
-- The window ends where system.billing.usage is known to, because its rows arrive hours late. What is not in it: see
-- costs.sql.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  one job of the list, or NULL for all of it
--   :job_ids      STRING  the ids of the jobs, with commas between them
--   :window_hours INT     length of the window
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   job, job_id
--   series                the job, where it is one of the 8 that used most, else 'others': a chart has so many colours
--   day                   UTC
--   list_cost             in US dollars, of what has a price; NULL where nothing has
--   dbus                  Databricks units
WITH known AS (
  -- include: known_costs
),
listed AS (
  -- include: listed_jobs
),
costs AS (
  -- include: costs
),
spent AS (
  SELECT listed.job, costs.job_id, costs.day, sum(costs.list_cost) AS list_cost, sum(costs.dbus) AS dbus
  FROM costs
  JOIN listed
    ON listed.job_id = costs.job_id
  WHERE costs.used_since > (SELECT dateadd(HOUR, -:window_hours, known_until) FROM known)
  GROUP BY listed.job, costs.job_id, costs.day
),
totals AS (
  SELECT job_id, row_number() OVER (ORDER BY sum(list_cost) DESC NULLS LAST, sum(dbus) DESC, job_id) AS position
  FROM spent
  GROUP BY job_id
)
SELECT
  spent.job,
  spent.job_id,
  CASE WHEN totals.position <= 8 THEN spent.job ELSE 'others' END AS series,
  spent.day,
  spent.list_cost,
  spent.dbus
FROM spent
JOIN totals
  ON totals.job_id = spent.job_id
ORDER BY spent.day, spent.job, spent.job_id
