-- How busy the workers of every job's own clusters were while its tasks ran in a window: one row for each job.
--
-- system.compute.node_timeline has a row for each minute of each node, and arrives days late. Drivers do not count, nor
-- runs with fewer than three samples, nor all-purpose clusters, which others use too.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job; NULL reads every job of the workspace
--   :window_hours INT     length of the window, see computes.sql
--   :delay_hours  INT     the allowance: how many hours late rows of the runs may arrive
-- Columns
--   job_id
--   runs                     those with samples enough
--   node_type                of the most samples
--   most_workers             seen in a cluster of a run: a repair has a cluster of its own
--   cpu_mean, cpu_p95        user and system, in per cent, over all samples
--   io_wait_mean             per cent
--   memory_max, swap_max     per cent
WITH computes AS (
  -- include: computes
),
clusters AS (
  -- include: clusters
),
samples AS (
  SELECT
    computes.job_id,
    computes.run_id,
    computes.compute_id,
    nodes.instance_id,
    nodes.node_type,
    nodes.cpu_user_percent + nodes.cpu_system_percent AS cpu,
    nodes.cpu_wait_percent AS io_wait,
    nodes.mem_used_percent AS memory,
    nodes.mem_swap_percent AS swap,
    count(*) OVER (PARTITION BY computes.job_id, computes.run_id) AS in_run
  FROM computes
  LEFT JOIN clusters
    ON clusters.workspace_id = computes.workspace_id
    AND clusters.cluster_id = computes.compute_id
  INNER JOIN system.compute.node_timeline AS nodes
    ON nodes.workspace_id = computes.workspace_id
    AND nodes.cluster_id = computes.compute_id
    AND nodes.start_time < computes.used_until
    AND nodes.end_time > computes.used_since
  WHERE nodes.workspace_id = :workspace_id
    AND NOT nodes.driver
    AND coalesce(clusters.cluster_source, 'JOB') = 'JOB'
),
types AS (
  SELECT
    job_id,
    max_by(node_type, struct(seen, node_type)) AS node_type
  FROM (
    SELECT
      job_id,
      node_type,
      count(*) AS seen
    FROM samples
    WHERE in_run >= 3
    GROUP BY job_id, node_type
  ) AS counted
  GROUP BY job_id
),
workers AS (
  SELECT
    job_id,
    max(seen) AS most_workers
  FROM (
    SELECT
      job_id,
      run_id,
      compute_id,
      count(DISTINCT instance_id) AS seen
    FROM samples
    WHERE in_run >= 3
    GROUP BY job_id, run_id, compute_id
  ) AS counted
  GROUP BY job_id
)
SELECT
  samples.job_id,
  count(DISTINCT samples.run_id) AS runs,
  max(types.node_type) AS node_type,
  max(workers.most_workers) AS most_workers,
  avg(samples.cpu) AS cpu_mean,
  percentile(samples.cpu, 0.95) AS cpu_p95,
  avg(samples.io_wait) AS io_wait_mean,
  max(samples.memory) AS memory_max,
  max(samples.swap) AS swap_max
FROM samples
INNER JOIN types
  ON types.job_id = samples.job_id
INNER JOIN workers
  ON workers.job_id = samples.job_id
WHERE samples.in_run >= 3
GROUP BY samples.job_id
