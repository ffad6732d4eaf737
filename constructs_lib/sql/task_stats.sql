-- The figures of every task in the runs of a window: one row for each job and task.
--
-- An execution is one task in one run, and counts by its last attempt; see tries.sql for what a retry is, and for the
-- window, which ends where rows that arrive hours late are known to.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job; NULL reads every job of the workspace
--   :window_hours INT     length of the window
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   job_id, task_key
--   succeeded, failed, timed_out, cancelled, skipped, running   executions by outcome
--   timed, p50, p95, p99, longest   execution seconds of attempts that succeeded, and how many they are
--   attempts              all of them
--   extra_attempts        those that are retries
--   saved_by_retry        executions that a retry brought to success
--   wasted_retries        retries of executions that failed all the same
--   timed_out_attempts
--   setup_mean            seconds; of attempts that started
WITH tries AS (
  -- include: tries
),
executions AS (
  SELECT
    job_id,
    task_key,
    run_id,
    max(outcome) FILTER (WHERE latest) AS outcome,
    count_if(retry) AS retries,
    max_by(outcome, struct(started_at, ended_at, attempt_id)) FILTER (WHERE original) AS by_itself
  FROM tries
  GROUP BY job_id, task_key, run_id
),
by_execution AS (
  SELECT
    job_id,
    task_key,
    count_if(outcome = 'SUCCEEDED') AS succeeded,
    count_if(outcome = 'FAILED') AS failed,
    count_if(outcome = 'TIMED_OUT') AS timed_out,
    count_if(outcome = 'CANCELLED') AS cancelled,
    count_if(outcome = 'SKIPPED') AS skipped,
    count_if(outcome = 'RUNNING') AS running,
    count_if(retries > 0 AND by_itself = 'SUCCEEDED') AS saved_by_retry,
    coalesce(sum(retries) FILTER (WHERE by_itself IN ('FAILED', 'TIMED_OUT')), 0) AS wasted_retries
  FROM executions
  GROUP BY job_id, task_key
),
by_attempt AS (
  SELECT
    job_id,
    task_key,
    count_if(outcome = 'SUCCEEDED') AS timed,
    percentile(execution_seconds, 0.5) FILTER (WHERE outcome = 'SUCCEEDED') AS p50,
    percentile(execution_seconds, 0.95) FILTER (WHERE outcome = 'SUCCEEDED') AS p95,
    percentile(execution_seconds, 0.99) FILTER (WHERE outcome = 'SUCCEEDED') AS p99,
    max(execution_seconds) FILTER (WHERE outcome = 'SUCCEEDED') AS longest,
    count(*) AS attempts,
    count_if(retry) AS extra_attempts,
    count_if(outcome = 'TIMED_OUT') AS timed_out_attempts,
    avg(setup_seconds) FILTER (WHERE outcome <> 'SKIPPED') AS setup_mean
  FROM tries
  GROUP BY job_id, task_key
)
SELECT
  by_execution.job_id,
  by_execution.task_key,
  by_execution.succeeded,
  by_execution.failed,
  by_execution.timed_out,
  by_execution.cancelled,
  by_execution.skipped,
  by_execution.running,
  by_attempt.timed,
  by_attempt.p50,
  by_attempt.p95,
  by_attempt.p99,
  by_attempt.longest,
  by_attempt.attempts,
  by_attempt.extra_attempts,
  by_execution.saved_by_retry,
  by_execution.wasted_retries,
  by_attempt.timed_out_attempts,
  by_attempt.setup_mean
FROM by_execution
INNER JOIN by_attempt
  ON by_attempt.job_id = by_execution.job_id
  AND by_attempt.task_key = by_execution.task_key
