"""The look of a drawn graph: one sheet for light and dark, with nothing outside `.lakeflow-graph`."""

from functools import cache

SHARED_COLOURS = 8
# `system-ui` is left out: on Linux it is often a far wider font than the others, which boxes are measured for.
_FONT = '-apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif'
_FIXED = (
    ("", f"max-width:100%;height:auto;font-family:{_FONT};font-size:11px"),
    (" .heading", "font-size:16px;font-weight:600"),
    (" .sub,.{} .odd", "font-size:12px"),
    (" .key", "font-size:13px;font-weight:600"),
    (" .chip text", "font-size:10px"),
    (" .icon", "fill:none;stroke-width:1.3;stroke-linecap:round;stroke-linejoin:round"),
    (" .edge", "fill:none;stroke-width:1.5"),
    (" .off .edge,.{} .faint .edge", "stroke-dasharray:4 4"),
    (" .marked>.box", "stroke-width:2"),
    (" .disabled>.box,.{} .missing>.box", "stroke-dasharray:4 3"),
    (" .disabled>text,.{} .disabled>.tile,.{} .disabled>.icon,.{} .disabled>.compute", "opacity:.5"),
    (" .chip circle", "fill:#8b949e"),
    (" .own circle", "fill:none;stroke:#8b949e;stroke-width:1.5"),
)
# Selector, property, light, dark.
_COLOURS = (
    (" .canvas", "fill", "#f6f8fa", "#0d1117"),
    (" text", "fill", "#1f2328", "#e6edf3"),
    (" .sub,.{} .kind", "fill", "#59636e", "#9198a1"),
    (" .box", "fill", "#ffffff", "#161b22"),
    (" .box", "stroke", "#d1d9e0", "#3d444d"),
    (" .if>.box", "fill", "#fff8e1", "#272115"),
    (" .if>.box", "stroke", "#d4a72c", "#9e6a03"),
    (" .loop>.box", "fill", "#eef1f4", "#1c2129"),
    (" .loop>.box", "stroke", "#b7c0c9", "#4b535d"),
    (" .missing>.box", "stroke", "#cf222e", "#f85149"),
    (" .edge", "stroke", "#8b949e", "#7d8590"),
    (" .head", "fill", "#8b949e", "#7d8590"),
    (" .chip rect", "fill", "#eff2f5", "#262c36"),
    (" .chip text", "fill", "#454c54", "#c2c9d1"),
    (" .wait rect", "fill", "#ddf4ff", "#12304f"),
    (" .wait text", "fill", "#0550ae", "#a5d6ff"),
    (" .odd", "fill", "#9a6700", "#e3b341"),
)
# Tile and line of what belongs to a family of types.
_FAMILIES = {
    "code": (("#ddf4ff", "#0969da"), ("#12273f", "#58a6ff")),
    "sql": (("#fbefff", "#8250df"), ("#271b3d", "#bc8cff")),
    "pipeline": (("#d7f5ef", "#0f766e"), ("#0c2b29", "#2dd4bf")),
    "control": (("#ffedc2", "#9a6700"), ("#3a2b0c", "#e3b341")),
    "other": (("#eaeef2", "#59636e"), ("#262c36", "#9198a1")),
}
# Ground, text and line of each tone.
_TONES = {
    "good": (("#d2f5da", "#116329", "#2da44e"), ("#12351f", "#7ee787", "#3fb950")),
    "bad": (("#ffe2e0", "#a40e26", "#cf222e"), ("#48191c", "#ffa198", "#f85149")),
    "warn": (("#fff1c2", "#7d4e00", "#bf8700"), ("#3b2a08", "#e3b341", "#d29922")),
    "info": (("#ddf4ff", "#0550ae", "#0969da"), ("#12304f", "#a5d6ff", "#58a6ff")),
    "muted": (("#eaeef2", "#59636e", "#8b949e"), ("#262c36", "#9198a1", "#6e7681")),
}
_COMPUTE = ("#2f81f7", "#e16f24", "#2da44e", "#bf3989", "#8957e5", "#1b9e9e", "#bf8700", "#9c5a3c")


@cache
def sheet() -> str:
    """Return the rules of CSS for every drawn graph."""
    rules = [*_FIXED, *((f" .c{index} circle", f"fill:{colour}") for index, colour in enumerate(_COMPUTE))]
    light = _sheet([*rules, *_coloured(0)])
    return f"{light}@media(prefers-color-scheme:dark){{{_sheet(_coloured(1))}}}"


def _coloured(scheme: int) -> list[tuple[str, str]]:
    rules = [(selector, f"{name}:{pair[scheme]}") for selector, name, *pair in _COLOURS]
    for family, schemes in _FAMILIES.items():
        tile, line = schemes[scheme]
        rules += [(f" .{family}>.tile", f"fill:{tile}"), (f" .{family}>.icon", f"stroke:{line}")]
    for tone, looks in _TONES.items():
        ground, text, line = looks[scheme]
        rules += [
            (f" .{tone}>.box,.{{}} .{tone} .edge", f"stroke:{line}"),
            (f" .{tone} .head", f"fill:{line}"),
            (f" .{tone}.chip rect", f"fill:{ground}"),
            (f" .{tone}.chip text", f"fill:{text}"),
        ]
    # On the ground of a loop a grey chip would not be seen.
    rules.append((" .loop>.muted.chip rect", f"fill:{('#dce2e8', '#30363d')[scheme]}"))
    return rules


def _sheet(rules: list[tuple[str, str]]) -> str:
    root = "lakeflow-graph"
    return "".join(f".{root}{selector.replace('{}', root)}{{{body}}}" for selector, body in rules)
