"""The command `lakeflow`: what Terraform cannot do with a job."""
