-- What the runs of a list of jobs used by day, on the last days: one row for each job and day with usage.
--
-- What cost_days.sql finds; the last day is the one up to which the system tables are known, because their rows arrive
-- hours late. What is not in it: see costs.sql.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  one job of the list, or NULL for all of it
--   :job_ids      STRING  the ids of the jobs, with commas between them
--   :window_hours INT     length of the window: so many days, the last one included
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   job, job_id
--   series                the job, where it is one of the 8 that used most, else 'others': a chart has so many colours
--   day                   UTC
--   dbus, list_cost       as in costs.sql
WITH newest AS (
  -- include: known
),
listed AS (
  -- include: listed_jobs
),
before AS (
  SELECT dateadd(HOUR, -:window_hours, known_until) AS until
  FROM newest
),
days AS (
  -- include: cost_days
),
spent AS (
  SELECT listed.job, days.*
  FROM days
  INNER JOIN listed
    ON listed.job_id = days.job_id
  CROSS JOIN before
  -- Not a cast, which would go by the timezone of the session.
  WHERE days.day > date_from_unix_date(CAST(floor(unix_seconds(before.until) / 86400) AS INT))
),
totals AS (
  SELECT
    job_id,
    row_number() OVER (ORDER BY sum(list_cost) DESC NULLS LAST, sum(dbus) DESC, job_id) AS position
  FROM spent
  GROUP BY job_id
)
SELECT
  spent.job,
  spent.job_id,
  CASE WHEN totals.position <= 8 THEN spent.job ELSE 'others' END AS series,
  spent.day,
  spent.dbus,
  spent.list_cost
FROM spent
INNER JOIN totals
  ON totals.job_id = spent.job_id
ORDER BY spent.day, spent.job, spent.job_id
