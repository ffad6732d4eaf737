"""`lakeflow run`: start a run of a deployed job, follow it, and end by its result."""
