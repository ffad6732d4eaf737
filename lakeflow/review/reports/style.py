"""The look of the page of a review: light and dark, on a screen and on paper."""

_FONT = '-apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif'
_MONO = 'ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace'
_LIGHT = {
    "page": "#f6f8fa",
    "card": "#ffffff",
    "line": "#d1d9e0",
    "text": "#1f2328",
    "faint": "#59636e",
    "code": "#eff2f5",
    "link": "#0969da",
    "bad": "#cf222e",
    "bad-ground": "#ffebe9",
    "warn": "#9a6700",
    "warn-ground": "#fff8c5",
    "info": "#0969da",
    "info-ground": "#ddf4ff",
    "good": "#1a7f37",
    "good-ground": "#dafbe1",
}
_DARK = {
    "page": "#010409",
    "card": "#0d1117",
    "line": "#3d444d",
    "text": "#e6edf3",
    "faint": "#9198a1",
    "code": "#1c2129",
    "link": "#58a6ff",
    "bad": "#f85149",
    "bad-ground": "#2b1315",
    "warn": "#d29922",
    "warn-ground": "#272115",
    "info": "#58a6ff",
    "info-ground": "#0f2237",
    "good": "#3fb950",
    "good-ground": "#12261e",
}
_RULES = f"""
*{{box-sizing:border-box}}
body{{margin:0;background:var(--page);color:var(--text);font:15px/1.5 {_FONT}}}
main{{max-width:1080px;margin:0 auto;padding:24px 20px 48px}}
h1{{font-size:21px;line-height:1.35;margin:0}}
h2{{font-size:17px;margin:0 0 8px}}
h2 span{{font-weight:400;color:var(--faint);font-size:15px;margin-left:6px}}
p{{margin:0}}
a{{color:var(--link)}}
code{{font:13px/1.45 {_MONO};background:var(--code);border-radius:5px;padding:1px 5px;overflow-wrap:anywhere}}
code.strong{{font-weight:650}}
header,section,nav{{background:var(--card);border:1px solid var(--line)}}
header,section,nav{{border-radius:10px;padding:16px 18px;margin:0 0 16px}}
header{{border-left-width:6px}}
header p,.about,.why,nav span{{color:var(--faint);font-size:13.5px}}
header p{{margin-top:6px}}
.verdict{{display:inline-block;border-radius:6px;padding:1px 10px;margin-right:6px;color:#fff}}
header.block{{border-left-color:var(--bad)}}
header.block .verdict{{background:#cf222e}}
header.review{{border-left-color:var(--warn)}}
header.review .verdict{{background:#9a6700}}
header.safe{{border-left-color:var(--good)}}
header.safe .verdict{{background:#1a7f37}}
header.no-changes .verdict{{background:#59636e}}
ul{{list-style:none;margin:0;padding:0}}
.plain li{{padding:2px 0}}
.attention li{{display:flex;gap:12px;align-items:flex-start;padding:9px 12px;border-radius:8px;margin:8px 0 0}}
.attention li>div{{flex:1;min-width:0}}
.level{{font-size:12.5px;font-weight:650;min-width:58px;padding-top:1px}}
.attention .code{{font:12px/1.7 {_MONO};color:var(--faint)}}
.attention .bad{{background:var(--bad-ground)}}
.attention .bad .level{{color:var(--bad)}}
.attention .warn{{background:var(--warn-ground)}}
.attention .warn .level{{color:var(--warn)}}
.attention .info{{background:var(--info-ground)}}
.attention .info .level{{color:var(--info)}}
.attention code{{background:none;padding:0}}
.about{{margin-bottom:10px}}
.graph{{overflow-x:auto;margin:10px 0}}
.graph svg{{display:block;max-width:none}}
@media(min-width:700px){{.graph svg{{max-width:100%}}}}
.scroll{{overflow-x:auto}}
td:nth-child(2) code{{white-space:nowrap;overflow-wrap:normal}}
table{{border-collapse:collapse;width:100%;margin:8px 0;font-size:14px}}
th{{text-align:left;color:var(--faint);font-weight:500;font-size:12.5px}}
th,td{{padding:5px 10px 5px 0;border-bottom:1px solid var(--line);vertical-align:top}}
tr:last-child td{{border-bottom:0}}
.sign{{display:inline-block;width:20px;text-align:center;border-radius:5px;font-weight:700}}
.sign.good{{color:var(--good);background:var(--good-ground)}}
.sign.bad{{color:var(--bad);background:var(--bad-ground)}}
.sign.warn{{color:var(--warn);background:var(--warn-ground)}}
dl{{display:grid;grid-template-columns:5em 1fr;gap:6px 14px;margin:10px 0 0}}
dt{{color:var(--faint);font-size:13.5px}}
dd{{margin:0;font-size:14px}}
details{{margin-top:12px}}
summary{{cursor:pointer;color:var(--faint);font-size:13.5px}}
footer{{color:var(--faint);font-size:12.5px}}
@media print{{body{{background:none}}header,section,nav{{break-inside:avoid}}}}
"""


def sheet() -> str:
    """Return the rules of CSS."""
    rules = "".join(_RULES.split("\n"))
    dark = _declared(_DARK)
    return f":root{{color-scheme:light dark;{light()}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}{rules}"


def light() -> str:
    """Return the colours by day, and on paper."""
    return _declared(_LIGHT)


def _declared(colours: dict[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in colours.items())
