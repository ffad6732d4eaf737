-- The attempts at tasks in the runs of a window, and what each was among those of its execution: one row for each.
--
-- An execution is one task in one run. A retry is an attempt after a failed one, before the run ended for the first time:
-- what comes later is a repair, which somebody decided on. An attempt after one that did not fail, or beside one that
-- did, is no retry: the iterations of a loop share a task_key too. The window ends where job_run_timeline is known to:
-- rows arrive hours late.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job; NULL reads every job of the workspace
--   :window_hours INT     length of the window, in which the run ended, or goes on
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   job_id, run_id, task_key, attempt_id, started_at, ended_at, termination_code, outcome, failed,
--   execution_seconds, setup_seconds   as in attempts.sql
--   day            on which the run ended, UTC
--   latest         whether it is the last of its execution
--   original       whether it is no repair
--   retry          whether it is a retry
WITH known AS (
  -- include: known
),
runs AS (
  -- include: runs
),
attempts AS (
  -- include: attempts
)
SELECT
  attempts.job_id,
  attempts.run_id,
  attempts.task_key,
  attempts.attempt_id,
  attempts.started_at,
  attempts.ended_at,
  attempts.termination_code,
  attempts.outcome,
  attempts.failed,
  attempts.execution_seconds,
  attempts.setup_seconds,
  runs.day,
  row_number() OVER (
    PARTITION BY attempts.job_id, attempts.run_id, attempts.task_key
    ORDER BY attempts.started_at DESC, attempts.ended_at DESC, attempts.attempt_id DESC
  ) = 1 AS latest,
  runs.first_ended_at IS NULL OR attempts.started_at <= runs.first_ended_at AS original,
  (runs.first_ended_at IS NULL OR attempts.started_at <= runs.first_ended_at)
  AND coalesce(
    lag(CASE WHEN attempts.failed THEN attempts.ended_at END) OVER (
      PARTITION BY attempts.job_id, attempts.run_id, attempts.task_key
      ORDER BY attempts.started_at, attempts.ended_at, attempts.attempt_id
    ) <= attempts.started_at,
    FALSE
  ) AS retry
FROM attempts
INNER JOIN runs
  ON runs.job_id = attempts.job_id
  AND runs.run_id = attempts.run_id
CROSS JOIN known
WHERE runs.ended_at > dateadd(HOUR, -:window_hours, known.known_until)
  AND runs.ended_at <= known.known_until
