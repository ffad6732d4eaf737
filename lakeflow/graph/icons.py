"""A small line drawing for each type of task, in a square of 14 pixels, by the label of the type."""

_NOTEBOOK = "M3.5 1.5h8v11h-8zM6 1.5v11M2 4.5h2.5M2 7h2.5M2 9.5h2.5"
_CODE = "M4.3 4 1.3 7l3 3M9.7 4l3 3-3 3M8.2 2.8 5.8 11.2"
_PACKAGE = "M7 1.5 12 4.2v5.6L7 12.5 2 9.8V4.2zM2 4.2 7 7l5-2.8M7 7v5.5"
_CUP = "M2.5 5.5h7.5v3.5a3 3 0 0 1-3 3H5.5a3 3 0 0 1-3-3zM10 6.5h.8a1.6 1.6 0 0 1 0 3.2H10M5 1.5v2M7.6 1.5v2"
_SPARK = "M7 1.5 8.4 5.6 12.5 7 8.4 8.4 7 12.5 5.6 8.4 1.5 7l4.1-1.4z"
_TABLE = "M2.5 3.5c0-2.6 9-2.6 9 0v7c0 2.6-9 2.6-9 0zM2.5 3.5c0 2.6 9 2.6 9 0M2.5 7c0 2.6 9 2.6 9 0"
_TRANSFORM = "M1.8 4.5h8.4M7.6 1.8l2.7 2.7-2.7 2.7M12.2 9.5H3.8M6.4 6.8 3.7 9.5l2.7 2.7"
_BARS = "M1.8 12.3h10.4M3.8 12.3V8M7 12.3V2.5M10.2 12.3V5.8"
_BELL = "M2.8 10.2h8.4c-1-1-1.3-2-1.3-4.2a2.9 2.9 0 0 0-5.8 0c0 2.2-.3 3.2-1.3 4.2zM6 12.6h2"
_PIPELINE = "M1.3 5.2h3.6v3.6H1.3zM9.1 1.5h3.6v3.6H9.1zM9.1 8.9h3.6v3.6H9.1zM4.9 7H7V3.3h2.1M7 7v3.7h2.1"
_PLAY = "M7 1.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM5.8 4.7v4.6L9.4 7z"
_BRANCH = "M1.5 7h3.2L8.5 3h3.7M4.7 7l3.8 4h3.7M10.2 1l2.3 2-2.3 2M10.2 9l2.3 2-2.3 2"
_LOOP = "M11.7 5.2A5 5 0 0 0 2.4 5.6M2.3 8.8a5 5 0 0 0 9.3-.4M2 2.6v3.1h3.1M12 11.4V8.3H8.9"
_MISSING = "M7 1.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM5 5l4 4M9 5 5 9"
_OTHER = "M3 3h8v8H3z"

_ICONS = {
    "notebook": _NOTEBOOK,
    "clean room": _NOTEBOOK,
    "script": _CODE,
    "spark-submit": _CODE,
    "operator": _CODE,
    "wheel": _PACKAGE,
    "JAR": _CUP,
    "AI runtime": _SPARK,
    "AI compute": _SPARK,
    "SQL": _TABLE,
    "SQL query": _TABLE,
    "SQL file": _TABLE,
    "SQL alert": _BELL,
    "SQL dashboard": _BARS,
    "dbt": _TRANSFORM,
    "dbt platform": _TRANSFORM,
    "dbt cloud": _TRANSFORM,
    "dashboard": _BARS,
    "alert": _BELL,
    "Power BI": _BARS,
    "pipeline": _PIPELINE,
    "run job": _PLAY,
    "if": _BRANCH,
    "for each of": _LOOP,
    "not in this job": _MISSING,
}


def icon(label: str) -> str:
    """Return the path of the drawing for the type of task with this label."""
    return _ICONS.get(label, _OTHER)
