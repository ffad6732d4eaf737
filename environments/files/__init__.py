"""From YAML files to environments: read, inherited, checked against the schema, reported, typed."""
