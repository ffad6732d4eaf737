"""Files that somebody names: found, read as JSON or YAML, and told where in them something stands."""
