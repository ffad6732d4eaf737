-- One row for each attempt at a task, its hourly slices folded together.
--
-- An attempt is a run of its own below the run of its job: a retry, and a repair, leave another under the same task_key.
-- Rows arrive hours late: an attempt that just ended looks as if it were running.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job; NULL reads every job of the workspace
--   :window_hours INT     what the caller looks at; read are twice this and two days more, as runs.sql does
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   workspace_id, job_id, run_id, task_key
--   attempt_id             the run of the attempt
--   started_at, ended_at   first and last instant known of the attempt
--   termination_code       why it ended
--   outcome                as in runs.sql, in the words for tasks; see states.sql
--   failed                 whether the outcome is FAILED or TIMED_OUT
--   execution_seconds      without setup; before December 2025 the whole attempt, for the table does not say
--   setup_seconds, cleanup_seconds   NULL before December 2025
SELECT
  workspace_id,
  job_id,
  run_id,
  task_key,
  attempt_id,
  started_at,
  ended_at,
  termination_code,
  outcome,
  outcome IN ('FAILED', 'TIMED_OUT') AS failed,
  execution_seconds,
  setup_seconds,
  cleanup_seconds
FROM (
  SELECT
    folded.*,
    coalesce(states.task_outcome, folded.final_state, 'RUNNING') AS outcome
  FROM (
    SELECT
      slices.workspace_id,
      slices.job_id,
      slices.job_run_id AS run_id,
      slices.task_key,
      slices.run_id AS attempt_id,
      min(slices.period_start_time) AS started_at,
      max(slices.period_end_time) AS ended_at,
      max_by(slices.result_state, struct(slices.period_end_time, slices.period_start_time)) AS final_state,
      max_by(slices.termination_code, struct(slices.period_end_time, slices.period_start_time)) AS termination_code,
      coalesce(
        max(slices.execution_duration_seconds),
        sum(timestampdiff(SECOND, slices.period_start_time, slices.period_end_time))
      ) AS execution_seconds,
      max(slices.setup_duration_seconds) AS setup_seconds,
      max(slices.cleanup_duration_seconds) AS cleanup_seconds
    FROM system.lakeflow.job_task_run_timeline AS slices
    WHERE slices.workspace_id = :workspace_id
      AND slices.job_id = coalesce(:job_id, slices.job_id)
      AND slices.task_key IS NOT NULL
      AND slices.period_end_time > dateadd(HOUR, -(2 * :window_hours + :delay_hours + 48), current_timestamp())
    GROUP BY slices.workspace_id, slices.job_id, slices.job_run_id, slices.task_key, slices.run_id
  ) AS folded
  LEFT JOIN (
    -- include: states
  ) AS states
    ON states.state = folded.final_state
) AS named
