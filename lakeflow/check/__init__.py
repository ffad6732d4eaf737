"""Jobs held against the rules, in whatever form they are written.

`documents` reads text, `jobs` finds the jobs in it, `names` brings each to the provider's names and every path back,
`judging` runs the rules, and `reports` says what was found.
"""
