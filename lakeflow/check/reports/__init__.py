"""What a check found, written for people and for programs: one module for each `--format`, with a `show`."""
