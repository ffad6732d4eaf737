"""`lakeflow render`: a job of any form as the Terraform JSON that the library writes."""
