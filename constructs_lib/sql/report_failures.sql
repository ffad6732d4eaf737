-- Why the runs of a list of jobs failed, timed out or were skipped in a window: one row for each job, outcome and reason.
--
-- What job_failures.sql finds, with the jobs' names; the window ends where the system tables are known to, because their
-- rows arrive hours late.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  one job of the list, or NULL for all of it
--   :job_ids      STRING  the ids of the jobs, with commas between them
--   :window_hours INT     length of the window
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   job, job_id
--   outcome                   FAILED, TIMED_OUT or SKIPPED
--   code                      termination_code; UNKNOWN where there is none
--   runs                      how many
--   last_at, last_run_id      the latest of them
WITH listed AS (
  -- include: listed_jobs
),
failures AS (
  -- include: job_failures
)
SELECT listed.job, failures.*
FROM failures
INNER JOIN listed
  ON listed.job_id = failures.job_id
ORDER BY failures.runs DESC, listed.job, failures.outcome, failures.code
