-- The figures of every job's runs before and after the last change of its settings: two rows for each changed job.
--
-- system.lakeflow.jobs has a version for every change. Those within a window and the window before count; the first
-- version is no change, and the last one of a deleted job neither. A run belongs to the settings with which it started.
-- Before are as many hours as the window has, as far as the two windows reach; after is all until where job_run_timeline
-- is known to, because its rows arrive hours late.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job; NULL reads every job of the workspace
--   :window_hours INT     length of each of the two windows
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   job_id
--   part                 'before' or 'after'
--   since, until         its bounds: the change is the `until` of 'before' and the `since` of 'after'
--   the others           as in stats.sql; all 0 where there were no runs
WITH known AS (
  -- include: known
),
runs AS (
  -- include: runs
),
setups AS (
  -- include: setups
),
changed AS (
  SELECT
    versions.job_id,
    max(versions.change_time) AS changed_at
  FROM system.lakeflow.jobs AS versions
  INNER JOIN (
    SELECT
      job_id,
      min(coalesce(create_time, change_time)) AS created_at,
      min(change_time) AS first_at
    FROM system.lakeflow.jobs
    WHERE workspace_id = :workspace_id
      AND job_id = coalesce(:job_id, job_id)
    GROUP BY job_id
  ) AS made
    ON made.job_id = versions.job_id
  CROSS JOIN known
  WHERE versions.workspace_id = :workspace_id
    AND versions.delete_time IS NULL
    AND versions.change_time > made.created_at
    AND versions.change_time > made.first_at
    AND versions.change_time > dateadd(HOUR, -(2 * :window_hours), known.known_until)
    AND versions.change_time < known.known_until
  GROUP BY versions.job_id
),
parts AS (
  SELECT
    changed.job_id,
    'before' AS part,
    greatest(
      dateadd(HOUR, -:window_hours, changed.changed_at),
      dateadd(HOUR, -(2 * :window_hours), known.known_until)
    ) AS since,
    changed.changed_at AS until,
    known.known_until
  FROM changed
  CROSS JOIN known
  UNION ALL
  SELECT
    changed.job_id,
    'after' AS part,
    changed.changed_at AS since,
    known.known_until AS until,
    known.known_until
  FROM changed
  CROSS JOIN known
),
placed AS (
  SELECT
    parts.job_id,
    parts.part,
    parts.since,
    parts.until,
    runs.outcome,
    runs.repairs,
    runs.duration_seconds,
    runs.queue_seconds,
    runs.setup_seconds,
    setups.task_setup_seconds,
    setups.task_seconds
  FROM parts
  LEFT JOIN runs
    ON runs.job_id = parts.job_id
    AND runs.started_at >= parts.since
    AND runs.started_at < parts.until
    AND runs.ended_at <= parts.known_until
  LEFT JOIN setups
    ON setups.job_id = runs.job_id
    AND setups.run_id = runs.run_id
)
-- include: stats
