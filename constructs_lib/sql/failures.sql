-- How many runs of a job ended as failures within a window: always one row.
--
-- A run counts by its last state: repaired to success it is no failure, repaired in vain it is one. Skipped and
-- cancelled runs are none. The window ends where system.lakeflow.job_run_timeline is known to, because its rows arrive
-- hours late; a row later than its neighbours is counted by the next evaluation, if the window is longer than the delay.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job
--   :window_hours INT     length of the window
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   failures              runs that failed or timed out: the column for an alert's condition
--   finished              runs that ended, however they did
--   last_failed_at, last_failed_run_id, last_termination_code   of the latest failure; NULL without one
--   known_until           end of the window
WITH known AS (
  -- include: known
),
runs AS (
  -- include: runs
)
SELECT
  count(*) FILTER (WHERE failed) AS failures,
  count(*) AS finished,
  max(ended_at) FILTER (WHERE failed) AS last_failed_at,
  max_by(run_id, ended_at) FILTER (WHERE failed) AS last_failed_run_id,
  max_by(termination_code, ended_at) FILTER (WHERE failed) AS last_termination_code,
  (SELECT known_until FROM known) AS known_until
FROM runs
WHERE outcome <> 'RUNNING'
  AND ended_at > (SELECT dateadd(HOUR, -:window_hours, known_until) FROM known)
