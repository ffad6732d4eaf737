-- What the words for an end mean, those of the system tables and those of the Jobs API: one row for each word.
--
-- The same word may mean different things of a run and of a task: a run whose last task had no chance is a failure, that
-- task itself never started. A state that is missing here is a new one. No table is read, so nothing is hours late.
--
-- Columns
--   state         as result_state has it, or the Jobs API
--   run_outcome   SUCCEEDED, FAILED, TIMED_OUT, CANCELLED or SKIPPED, of a run
--   task_outcome  the same, of a task
SELECT
  state,
  run_outcome,
  task_outcome
FROM (
  VALUES
    ('SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED'),
    ('SUCCESS', 'SUCCEEDED', 'SUCCEEDED'),
    ('SUCCESS_WITH_FAILURES', 'SUCCEEDED', 'SUCCEEDED'),
    ('FAILED', 'FAILED', 'FAILED'),
    ('ERROR', 'FAILED', 'FAILED'),
    ('TIMED_OUT', 'TIMED_OUT', 'TIMED_OUT'),
    ('TIMEDOUT', 'TIMED_OUT', 'TIMED_OUT'),
    ('CANCELLED', 'CANCELLED', 'CANCELLED'),
    ('CANCELED', 'CANCELLED', 'CANCELLED'),
    ('UPSTREAM_FAILED', 'FAILED', 'SKIPPED'),
    ('UPSTREAM_CANCELED', 'CANCELLED', 'SKIPPED'),
    ('SKIPPED', 'SKIPPED', 'SKIPPED'),
    ('BLOCKED', 'SKIPPED', 'SKIPPED'),
    ('MAXIMUM_CONCURRENT_RUNS_REACHED', 'SKIPPED', 'SKIPPED'),
    ('EXCLUDED', 'SKIPPED', 'SKIPPED'),
    ('DISABLED', 'SKIPPED', 'SKIPPED')
) AS words (state, run_outcome, task_outcome)
