"""The report for each reader: a terminal, GitHub, a program, a browser."""
