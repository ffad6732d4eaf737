"""The look of the page of a review: its verdict, what needs attention, and the signs of changes."""

from lakeflow.html import style

_RULES = f"""
.verdict{{display:inline-block;border-radius:6px;padding:1px 10px;margin-right:6px;color:#fff}}
header.block{{border-left-color:var(--bad)}}
header.block .verdict{{background:#cf222e}}
header.review{{border-left-color:var(--warn)}}
header.review .verdict{{background:#9a6700}}
header.safe{{border-left-color:var(--good)}}
header.safe .verdict{{background:#1a7f37}}
header.no-changes .verdict{{background:#59636e}}
.attention li{{display:flex;gap:12px;align-items:flex-start;padding:9px 12px;border-radius:8px;margin:8px 0 0}}
.attention li>div{{flex:1;min-width:0}}
.level{{font-size:12.5px;font-weight:650;min-width:58px;padding-top:1px}}
.attention .code{{font:12px/1.7 {style.MONO};color:var(--faint)}}
.attention .bad{{background:var(--bad-ground)}}
.attention .bad .level{{color:var(--bad)}}
.attention .warn{{background:var(--warn-ground)}}
.attention .warn .level{{color:var(--warn)}}
.attention .info{{background:var(--info-ground)}}
.attention .info .level{{color:var(--info)}}
.attention code{{background:none;padding:0}}
.sign{{display:inline-block;width:20px;text-align:center;border-radius:5px;font-weight:700}}
.sign.good{{color:var(--good);background:var(--good-ground)}}
.sign.bad{{color:var(--bad);background:var(--bad-ground)}}
.sign.warn{{color:var(--warn);background:var(--warn-ground)}}
"""


def sheet() -> str:
    """Return the rules of CSS."""
    return style.sheet() + "".join(_RULES.split("\n"))
