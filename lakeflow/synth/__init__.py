"""`lakeflow synth`: environments become Terraform JSON."""
