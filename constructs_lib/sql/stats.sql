-- The figures of runs that were put into groups: one row for each job and group.
--
-- Reads `placed`, which the query that includes it makes: rows of runs.sql with part, the name of a group, and since and
-- until, its bounds; beside them task_setup_seconds and task_seconds of setups.sql, or NULL. Only runs that
-- succeeded at the first attempt are timed: a failure ends early, a repaired run has two durations. Bounds belong where
-- the table is known to, because its rows arrive hours late.
--
-- Columns
--   job_id, part, since, until
--   succeeded, failed, timed_out, cancelled, skipped, running   runs by outcome
--   other                        runs whose state is a new one
--   timed                        runs of which the durations are
--   p50, p95, p99, longest       seconds; percentiles interpolate
--   queue_mean, queue_p95        seconds that runs waited for a place
--   setup_share                  of the runs' time; where runs do not say, as those of several tasks, of the tasks' time
--   repaired, saved_by_repair    runs that were repaired, and those of them that succeeded
SELECT
  job_id,
  part,
  since,
  until,
  count_if(outcome = 'SUCCEEDED') AS succeeded,
  count_if(outcome = 'FAILED') AS failed,
  count_if(outcome = 'TIMED_OUT') AS timed_out,
  count_if(outcome = 'CANCELLED') AS cancelled,
  count_if(outcome = 'SKIPPED') AS skipped,
  count_if(outcome = 'RUNNING') AS running,
  count_if(outcome NOT IN ('SUCCEEDED', 'FAILED', 'TIMED_OUT', 'CANCELLED', 'SKIPPED', 'RUNNING')) AS other,
  count_if(outcome = 'SUCCEEDED' AND repairs = 0) AS timed,
  percentile(duration_seconds, 0.5) FILTER (WHERE outcome = 'SUCCEEDED' AND repairs = 0) AS p50,
  percentile(duration_seconds, 0.95) FILTER (WHERE outcome = 'SUCCEEDED' AND repairs = 0) AS p95,
  percentile(duration_seconds, 0.99) FILTER (WHERE outcome = 'SUCCEEDED' AND repairs = 0) AS p99,
  max(duration_seconds) FILTER (WHERE outcome = 'SUCCEEDED' AND repairs = 0) AS longest,
  avg(queue_seconds) AS queue_mean,
  percentile(queue_seconds, 0.95) AS queue_p95,
  coalesce(
    nullif(sum(setup_seconds) / nullif(sum(duration_seconds) FILTER (WHERE setup_seconds IS NOT NULL), 0), 0),
    sum(task_setup_seconds) / nullif(sum(task_seconds), 0),
    sum(setup_seconds) * 0.0
  ) AS setup_share,
  count_if(repairs > 0) AS repaired,
  count_if(repairs > 0 AND outcome = 'SUCCEEDED') AS saved_by_repair
FROM placed
GROUP BY job_id, part, since, until
