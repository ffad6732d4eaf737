-- The clusters of a workspace as they are now, or last were: one row for each.
--
-- system.compute.clusters has a version for every change; its rows arrive hours late.
--
-- Parameters
--   :workspace_id STRING  the workspace; the table holds every workspace of the account in this region
-- Columns
--   workspace_id, cluster_id, cluster_name
--   cluster_source   JOB for a job's own, UI or API for all-purpose ones
SELECT
  workspace_id,
  cluster_id,
  max_by(cluster_name, change_time) AS cluster_name,
  max_by(cluster_source, change_time) AS cluster_source
FROM system.compute.clusters
WHERE workspace_id = :workspace_id
GROUP BY workspace_id, cluster_id
