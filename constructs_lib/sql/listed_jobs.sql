-- The jobs of a list with the names that the workspace shows: one row for each, whether it ever ran or not.
--
-- system.lakeflow.jobs has a row for every change of a job; the newest counts. Its rows arrive hours late, so that a job
-- that was just deployed is called by its id.
--
-- Parameters
--   :workspace_id STRING  the workspace; a job's id is unique only within it
--   :job_ids      STRING  the ids of the jobs, with commas between them
-- Columns
--   job_id
--   job                   its name
SELECT
  listed.job_id,
  coalesce(max_by(jobs.name, jobs.change_time), concat('job ', listed.job_id)) AS job
FROM (SELECT explode(split(:job_ids, ',')) AS job_id) AS listed
LEFT JOIN system.lakeflow.jobs AS jobs
  ON jobs.workspace_id = :workspace_id
  AND jobs.job_id = listed.job_id
GROUP BY listed.job_id
