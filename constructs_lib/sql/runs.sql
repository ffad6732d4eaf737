-- One row for each run of a job, its hourly slices and its repairs folded together.
--
-- system.lakeflow.job_run_timeline has a row for every hour of a run, and result_state only on the row that ends it; a
-- repaired run has such a row for each attempt. So a run counts once, with the state of its last row, and a run whose
-- last row has no state is still running. Rows arrive hours late: a run that just ended looks as if it were running.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job; NULL reads every job of the workspace
--   :window_hours INT     what the caller looks at; read are twice this, for the window before, and two days more,
--                         because a run that ended in a window began earlier
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   workspace_id, job_id, run_id, trigger_type
--   started_at, ended_at  first and last instant known of the run
--   first_ended_at        end of its first attempt; what comes later is a repair. NULL while that runs
--   day                   of ended_at, UTC
--   final_state           result_state of the last row, as the table spells it; NULL while it runs
--   termination_code      why it ended; the only reason given for a run that never started
--   outcome               final_state in one vocabulary: RUNNING, SUCCEEDED, FAILED, TIMED_OUT, CANCELLED, SKIPPED, or
--                         the state itself where it is a new one; see states.sql
--   failed                whether the outcome is FAILED or TIMED_OUT
--   repairs               attempts after the first
--   duration_seconds      of the whole run; summed from the slices where the table does not say (before December 2025)
--   queue_seconds, setup_seconds, execution_seconds, cleanup_seconds   NULL before December 2025
SELECT
  workspace_id,
  job_id,
  run_id,
  trigger_type,
  started_at,
  first_ended_at,
  ended_at,
  -- Not a cast, which would go by the timezone of the session.
  date_from_unix_date(CAST(floor(unix_seconds(ended_at) / 86400) AS INT)) AS day,
  final_state,
  termination_code,
  outcome,
  outcome IN ('FAILED', 'TIMED_OUT') AS failed,
  repairs,
  duration_seconds,
  queue_seconds,
  setup_seconds,
  execution_seconds,
  cleanup_seconds
FROM (
  SELECT
    folded.*,
    coalesce(states.run_outcome, folded.final_state, 'RUNNING') AS outcome
  FROM (
    SELECT
      workspace_id,
      job_id,
      run_id,
      max(trigger_type) AS trigger_type,
      min(period_start_time) AS started_at,
      max(period_end_time) AS ended_at,
      min(period_end_time) FILTER (WHERE result_state IS NOT NULL) AS first_ended_at,
      -- By end, then start: a run that ends on the hour has a last row without length beside that hour's slice.
      max_by(result_state, struct(period_end_time, period_start_time)) AS final_state,
      max_by(termination_code, struct(period_end_time, period_start_time)) AS termination_code,
      greatest(count(result_state) - 1, 0) AS repairs,
      coalesce(
        max(run_duration_seconds),
        sum(timestampdiff(SECOND, period_start_time, period_end_time))
      ) AS duration_seconds,
      max(queue_duration_seconds) AS queue_seconds,
      max(setup_duration_seconds) AS setup_seconds,
      max(execution_duration_seconds) AS execution_seconds,
      max(cleanup_duration_seconds) AS cleanup_seconds
    FROM system.lakeflow.job_run_timeline
    WHERE workspace_id = :workspace_id
      AND job_id = coalesce(:job_id, job_id)
      AND run_type = 'JOB_RUN'
      AND period_end_time > dateadd(HOUR, -(2 * :window_hours + :delay_hours + 48), current_timestamp())
    GROUP BY workspace_id, job_id, run_id
  ) AS folded
  LEFT JOIN (
    -- include: states
  ) AS states
    ON states.state = folded.final_state
) AS named
