"""The look of the page: that of every page, and its plots; light and dark, on a screen, a phone and paper."""

from lakeflow.html import style

_LIGHT = {
    "line-ink": "#1d63c1",
    "band": "#54aeff",
    "empty": "#f0f2f5",
    "heat0": "#d6e8fb",
    "heat1": "#a9cdf5",
    "heat2": "#74acec",
    "heat3": "#3f86dc",
    "heat4": "#1d5fb8",
}
_DARK = {
    "line-ink": "#79b8ff",
    "band": "#388bfd",
    "empty": "#161b22",
    "heat0": "#12304f",
    "heat1": "#1a4a7c",
    "heat2": "#2567ab",
    "heat3": "#4a90dc",
    "heat4": "#8fc3ff",
}
_RULES = """
main{max-width:1160px}
section.job{scroll-margin-top:12px}
.badge.failing,h2 .badge.failing{color:var(--bad);background:var(--bad-ground)}
.badge.watch,h2 .badge.watch{color:var(--warn);background:var(--warn-ground)}
.badge.well,h2 .badge.well{color:var(--good);background:var(--good-ground)}
.badge.no-runs{color:var(--faint);background:var(--code)}
header.failing{border-left-color:var(--bad)}
header.watch{border-left-color:var(--warn)}
header.well{border-left-color:var(--good)}
.bad-ink,.trend.bad{color:var(--bad)!important;fill:var(--bad)!important}
.good-ink,.trend.good{color:var(--good)!important;fill:var(--good)!important}
.plots{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:18px 30px;margin-top:14px}
figure{margin:0;min-width:0;break-inside:avoid}
figcaption{font-size:13px;font-weight:600;margin-bottom:8px}
figcaption{display:flex;flex-wrap:wrap;gap:2px 12px;align-items:baseline}
figcaption span{font-weight:400;font-size:12px;color:var(--faint);white-space:nowrap}
figure .axis{padding-left:50px}
svg.plot{display:block;overflow:visible}
.plot text{font-size:11px;fill:var(--text)}
.plot .tick{fill:var(--faint)}
.plot .mark{fill:var(--faint);font-size:11px;paint-order:stroke;stroke:var(--card);stroke-width:3px}
.plot .mark.bad{fill:var(--bad)}
.plot .task{font-size:12px}
.plot .value{font-size:12px;font-weight:600;font-variant-numeric:tabular-nums}
.plot .trend{font-weight:400;fill:var(--faint)}
.plot .grid{stroke:var(--line);stroke-width:1;opacity:.6}
.plot .zero{stroke:var(--faint);stroke-width:1;opacity:.7}
.plot .edge{stroke:var(--faint);stroke-dasharray:1 3}
.plot .changed{stroke:var(--text);stroke-dasharray:4 3;opacity:.7}
.plot .timeout{stroke:var(--fail);stroke-width:1.5;stroke-dasharray:6 4}
.plot .band{fill:var(--band);opacity:.28}
.plot .band.before{opacity:.18}
.broad{margin-top:14px}
.plot .line{fill:none;stroke:var(--line-ink);stroke-width:1.4;stroke-linejoin:round;opacity:.75}
.plot .dot{fill:var(--line-ink)}
.plot .spread{stroke:var(--line-ink);stroke-width:2.5;opacity:.45;stroke-linecap:round}
.plot .empty{fill:var(--empty)}
.plot .cross{fill:#fff;font-size:11px;pointer-events:none}
.cost{fill:var(--line-ink);background:var(--line-ink)}
.cost-before{fill:var(--calm);background:var(--calm)}
.heat0{fill:var(--heat0);background:var(--heat0)}
.heat1{fill:var(--heat1);background:var(--heat1)}
.heat2{fill:var(--heat2);background:var(--heat2)}
.heat3{fill:var(--heat3);background:var(--heat3)}
.heat4{fill:var(--heat4);background:var(--heat4)}
td.path{font-weight:600}
.scroll td:first-child{white-space:nowrap}
td:nth-child(2) code{white-space:normal}
h3{font-size:14px;margin:18px 0 4px}
.advice{margin:0;padding:0;list-style:none}
.advice li{border-left:3px solid var(--link);padding:3px 0 3px 12px;margin:10px 0 0;break-inside:avoid}
.advice p+p{margin-top:2px}
.advice .why{color:var(--faint);font-size:13.5px}
.verdict-line{margin-top:10px}
.none{color:var(--faint)}
@media(max-width:760px){
.plots{grid-template-columns:minmax(0,1fr)}
.plot .cross{display:none}
figure .axis{padding-left:44px}
}
@media print{
:root{color-scheme:light;LIGHT}
body{font-size:12px;-webkit-print-color-adjust:exact;print-color-adjust:exact}
main{max-width:none;padding:0}
section.job{break-inside:auto}
.plots{grid-template-columns:repeat(2,minmax(0,1fr))}
h2,h3{break-after:avoid}
tr{break-inside:avoid}
}
"""


def sheet() -> str:
    """Return the rules of CSS."""
    light, dark = (";".join(f"--{name}:{value}" for name, value in each.items()) for each in (_LIGHT, _DARK))
    # Paper is white, whatever the screen is.
    paper = f"{style.light()};{light}"
    rules = "".join(_RULES.replace("LIGHT", paper).split("\n"))
    return f"{style.sheet()}:root{{{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}{rules}"
