"""The graph of a job, and its pictures: text, Mermaid, SVG and JSON.

The pieces work without the command, for whatever shows a job: `model.TaskGraph.of(settings)` reads the graph, and
`text.plain`, `mermaid.mermaid`, `svg.svg` and `document.document` draw it, with a `marks.Mark` per task where there is
more to say of it: how a review sees it, how it ended in a run.
"""
