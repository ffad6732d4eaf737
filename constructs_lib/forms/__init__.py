"""The forms in which jobs are written: REST settings, bundles, Terraform, plans and states; and one form for all.

https://docs.databricks.com/api/workspace/jobs/create
"""
