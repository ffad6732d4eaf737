-- Every job of a workspace as it is deployed, and when it last ran: one row for each job that is not deleted.
--
-- system.lakeflow.jobs has a version for every change and keeps the latest of each job for ever. A version from before
-- December 2025 has no trigger, paused, timeout, user names or creation: NULL is not known, which is not the same as
-- none. Rows of both tables arrive hours late; those of runs are kept for a year.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job; NULL reads every job of the workspace
-- Columns
--   job_id, name
--   former_name                the name before the present one; NULL where it never had another
--   created_at                 its first version's change where no creation is recorded
--   changed_at                 of the latest version
--   creator, run_as            a user's name, or the id where it is not recorded
--   trigger_type, paused, timeout_seconds, quartz, timezone
--   managed                    whether a bundle deploys it
--   last_run_at                end of the last run, or up to when it is known to go on
--   last_outcome               as in runs.sql
WITH versions AS (
  SELECT
    *,
    min(coalesce(create_time, change_time)) OVER (PARTITION BY job_id) AS created_at
  FROM system.lakeflow.jobs
  WHERE workspace_id = :workspace_id
    AND job_id = coalesce(:job_id, job_id)
  QUALIFY row_number() OVER (PARTITION BY job_id ORDER BY change_time DESC) = 1
),
former AS (
  SELECT
    older.job_id,
    max_by(older.name, older.change_time) AS former_name
  FROM system.lakeflow.jobs AS older
  INNER JOIN versions
    ON versions.job_id = older.job_id
    AND versions.name <> older.name
  WHERE older.workspace_id = :workspace_id
    AND older.job_id = coalesce(:job_id, older.job_id)
  GROUP BY older.job_id
),
ends AS (
  SELECT
    job_id,
    max(period_end_time) AS last_run_at,
    max_by(result_state, struct(period_end_time, period_start_time)) AS final_state
  FROM system.lakeflow.job_run_timeline
  WHERE workspace_id = :workspace_id
    AND job_id = coalesce(:job_id, job_id)
    AND run_type = 'JOB_RUN'
  GROUP BY job_id
),
states AS (
  -- include: states
)
SELECT
  versions.job_id,
  versions.name,
  former.former_name,
  versions.created_at,
  versions.change_time AS changed_at,
  coalesce(versions.creator_user_name, versions.creator_id) AS creator,
  coalesce(versions.run_as_user_name, versions.run_as) AS run_as,
  versions.trigger_type,
  versions.paused,
  versions.timeout_seconds,
  versions.trigger.schedule.quartz_cron_expression AS quartz,
  versions.trigger.schedule.timezone_id AS timezone,
  CASE
    WHEN versions.deployment.kind IS NOT NULL THEN versions.deployment.kind = 'BUNDLE'
    WHEN versions.create_time IS NOT NULL THEN FALSE
  END AS managed,
  ends.last_run_at,
  CASE
    WHEN ends.job_id IS NOT NULL THEN coalesce(states.run_outcome, ends.final_state, 'RUNNING')
  END AS last_outcome
FROM versions
LEFT JOIN former
  ON former.job_id = versions.job_id
LEFT JOIN ends
  ON ends.job_id = versions.job_id
LEFT JOIN states
  ON states.state = ends.final_state
WHERE versions.delete_time IS NULL
