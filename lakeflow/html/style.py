"""The look of every page: its colours, by day and by night, and what its plain elements look like."""

_FONT = '-apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif'
MONO = 'ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace'
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
    "ok": "#2f9e6e",
    "fail": "#cf222e",
    "late": "#e08600",
    "calm": "#afb8c1",
    "go": "#54aeff",
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
    "ok": "#3fb082",
    "fail": "#f85149",
    "late": "#e3a03a",
    "calm": "#59636e",
    "go": "#388bfd",
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
code{{font:13px/1.45 {MONO};background:var(--code);border-radius:5px;padding:1px 5px;overflow-wrap:anywhere}}
code.strong{{font-weight:650}}
header,section,nav{{background:var(--card);border:1px solid var(--line)}}
header,section,nav{{border-radius:10px;padding:16px 18px;margin:0 0 16px}}
header{{border-left-width:6px}}
header p,.about,.why,nav span{{color:var(--faint);font-size:13.5px}}
header p{{margin-top:6px}}
ul{{list-style:none;margin:0;padding:0}}
.plain li{{padding:2px 0}}
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
dl{{display:grid;grid-template-columns:5em 1fr;gap:6px 14px;margin:10px 0 0}}
dt{{color:var(--faint);font-size:13.5px}}
dd{{margin:0;font-size:14px}}
details{{margin-top:12px}}
summary{{cursor:pointer;color:var(--faint);font-size:13.5px}}
footer{{color:var(--faint);font-size:12.5px}}
.badge{{display:inline-block;border-radius:6px;padding:0 9px;font-size:13px;font-weight:600;vertical-align:1px}}
h2 .badge{{margin-left:8px;color:var(--faint);background:var(--code);font-size:12.5px;font-weight:600}}
.figures{{display:grid;grid-template-columns:repeat(auto-fill,minmax(128px,1fr));gap:10px 14px;margin:12px 0 4px}}
.figures div{{min-width:0}}
.figures dt{{font-size:12.5px;color:var(--faint)}}
.figures dd{{font-size:18px;font-weight:600;line-height:1.3;font-variant-numeric:tabular-nums}}
.figures dd small{{display:block;font-size:12.5px;font-weight:400;color:var(--faint)}}
.figures.large dd{{font-size:24px}}
.key{{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:4px;vertical-align:-1px}}
.key+.key{{margin-left:-3px}}
.succeeded{{fill:var(--ok);background:var(--ok)}}
.failed{{fill:var(--fail);background:var(--fail)}}
.timed_out{{fill:var(--late);background:var(--late)}}
.cancelled,.skipped{{fill:var(--calm);background:var(--calm)}}
.skipped{{opacity:.6}}
.running{{fill:var(--go);background:var(--go)}}
td.n,th.n{{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}}
td small{{color:var(--faint);font-size:12px;white-space:nowrap}}
@media(max-width:760px){{
main{{padding:12px 10px 32px}}
header,section,nav{{padding:14px 13px}}
.figures{{grid-template-columns:repeat(auto-fill,minmax(98px,1fr))}}
.wide{{display:none}}
.stacked thead{{display:none}}
.stacked tr{{display:block;padding:9px 0;border-bottom:1px solid var(--line)}}
.stacked tr:last-child{{border-bottom:0}}
.stacked td{{display:block;border:0;padding:1px 0;text-align:left}}
.stacked td:first-child{{font-weight:600}}
.stacked td:empty{{display:none}}
}}
@media print{{body{{background:none}}header,section,nav{{break-inside:avoid}}}}
"""


def sheet() -> str:
    """Return the rules of CSS; a page adds its own."""
    rules = "".join(_RULES.split("\n"))
    dark = _declared(_DARK)
    return f":root{{color-scheme:light dark;{light()}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}{rules}"


def light() -> str:
    """Return the colours by day, and on paper."""
    return _declared(_LIGHT)


def _declared(colours: dict[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in colours.items())
