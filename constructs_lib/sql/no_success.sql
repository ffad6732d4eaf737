-- How many hours a job has been without a successful run: always one row.
--
-- Counted up to where system.lakeflow.job_run_timeline is known to, and not to now: its rows arrive hours late, and a
-- late table is not a late job. A job that never succeeded counts from when it was created, so that a new one has its
-- time too; one whose last success is older than what is read (see runs.sql) counts from there, which is beyond the
-- window in any case.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job
--   :window_hours INT     within which a success is expected: the threshold of an alert on hours_since_success
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   hours_since_success   the column for an alert's condition; never NULL, never negative
--   last_success_at, last_success_run_id   NULL without a success in what is read
--   running               runs that have not ended
--   known_until           up to when is counted
WITH known AS (
  -- include: known
),
runs AS (
  -- include: runs
),
created AS (
  SELECT min(coalesce(create_time, change_time)) AS created_at
  FROM system.lakeflow.jobs
  WHERE workspace_id = :workspace_id
    AND job_id = :job_id
),
history AS (
  SELECT
    max(ended_at) FILTER (WHERE outcome = 'SUCCEEDED') AS last_success_at,
    max_by(run_id, ended_at) FILTER (WHERE outcome = 'SUCCEEDED') AS last_success_run_id,
    min(started_at) AS first_started_at,
    count(*) FILTER (WHERE outcome = 'RUNNING') AS running
  FROM runs
)
SELECT
  greatest(
    timestampdiff(
      SECOND,
      coalesce(
        last_success_at,
        -- Two windows and the two days are what runs.sql reads of the past.
        greatest(
          coalesce(created_at, first_started_at, known_until),
          dateadd(HOUR, -(2 * :window_hours + 48), known_until)
        )
      ),
      known_until
    ) / 3600,
    0
  ) AS hours_since_success,
  last_success_at,
  last_success_run_id,
  running,
  known_until
FROM history
CROSS JOIN created
CROSS JOIN known
