-- The all-purpose clusters that the tasks of every job ran on in a window: one row for each job and cluster.
--
-- What runs on them is not billed by job: its cost is in no figure of the job. The window ends where
-- system.lakeflow.job_run_timeline is known to: rows arrive hours late.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_id       STRING  the job; NULL reads every job of the workspace
--   :window_hours INT     length of the window
--   :delay_hours  INT     the allowance: how late rows may arrive
-- Columns
--   job_id, cluster_id, cluster_name
--   runs   runs with a task on it
WITH computes AS (
  -- include: computes
),
clusters AS (
  -- include: clusters
)
SELECT
  computes.job_id,
  clusters.cluster_id,
  clusters.cluster_name,
  count(DISTINCT computes.run_id) AS runs
FROM computes
INNER JOIN clusters
  ON clusters.workspace_id = computes.workspace_id
  AND clusters.cluster_id = computes.compute_id
WHERE clusters.cluster_source IN ('UI', 'API')
GROUP BY computes.job_id, clusters.cluster_id, clusters.cluster_name
