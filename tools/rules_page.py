"""Write docs/rules.md from the rules themselves: `python -m tools.rules_page [--check]`."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from constructs_lib.provider import versions
from constructs_lib.rules import FAMILIES, HOUSE_RULES, RULES, Rule
from constructs_lib.rules.rule import EVERYWHERE

PAGE = Path("docs/rules.md")

_HEAD = """# Rules

What `lakeflow check` and every synth hold a job against. Each rule has a stable code, a default severity, and the page
or measurement that it comes from. An `error` is refused by the API or cannot run; a `warning` deploys and is silently
wrong; an `info` is worth knowing. This page is generated from the rules: `python -m tools.rules_page`.

`LF001` is the provider's schema itself (version {schema}): unknown attributes, wrong types, what is missing. `LF002` is
an acceptance, `accept={{"LF203": "reason"}}`, that matches nothing. `LF734` is asked at synth only: whether
[code from Git](code.md#code-from-git) is in the working tree.

"""


def page() -> str:
    """Return the page."""
    parts = [_HEAD.format(schema=versions()[1]), *_index(), "\n## House rules\n\n", *_house()]
    for family in FAMILIES:
        heading = (family.__doc__ or "").partition("\n")[0].rstrip(".")
        parts.append(f"\n## {heading}\n")
        parts += [_section(rule) for rule in family.RULES]
    return "".join(parts)


def _index() -> Iterator[str]:
    yield f"{len(RULES)} rules:\n\n| code | severity | what is wrong |\n|---|---|---|\n"
    for rule in RULES:
        yield f"| [{rule.code}](#{rule.code.lower()}) | {rule.severity} | {rule.title} |\n"


def _house() -> Iterator[str]:
    yield "Only where an environment asks for them, under `policies` in its file; then they are errors.\n\n"
    yield "| code | key | what is wrong |\n|---|---|---|\n"
    for rule in HOUSE_RULES:
        yield f"| {rule.code} | `{rule.key}` | {rule.title} |\n"


def _section(rule: Rule) -> str:
    where = "" if rule.forms == EVERYWHERE else f" Only in {' and '.join(sorted(form.value for form in rule.forms))}."
    bad, good = _differing(rule.bad, rule.good)
    return (
        f"\n### {rule.code}\n\n**{rule.title}** ({rule.severity}). {rule.why}{where}\n\n"
        f"```json\n{_json(bad, '')}\n```\n\nRight:\n\n```json\n{_json(good, '')}\n```\n\n"
        f"Source: {_linked(rule.source)}\n"
    )


def _differing(bad: Mapping[str, Any], good: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return both jobs without the attributes and tasks that they share."""
    sides: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for one, other, side in ((bad, good, sides[0]), (good, bad, sides[1])):
        for key, value in one.items():
            if value == other.get(key):
                continue
            shared = other.get(key)
            if isinstance(value, list) and isinstance(shared, list):
                side[key] = [entry for entry in value if entry not in shared] or value
            else:
                side[key] = value
    return sides


def _json(value: Any, indent: str) -> str:
    """Return a value as JSON, on one line where it fits, and long lists and texts cut."""
    line = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(line) <= 116 or not isinstance(value, dict | list) or not value:
        return line if len(line) <= 200 else f"{line[:100]} … {line[-20:]}"
    deeper = f"{indent}  "
    if isinstance(value, dict):
        inner = [
            f"{deeper}{json.dumps(key, ensure_ascii=False)}: {_json(entry, deeper)}" for key, entry in value.items()
        ]
        more = [f"{deeper}… {len(inner) - 6} more"] if len(inner) > 8 else []
        return "{\n" + ",\n".join(inner[:6] + more if more else inner) + f"\n{indent}}}"
    inner = [f"{deeper}{_json(entry, deeper)}" for entry in value[:3]]
    more = [f"{deeper}… {len(value) - 3} more"] if len(value) > 3 else []
    return "[\n" + ",\n".join(inner + more) + f"\n{indent}]"


def _linked(source: str) -> str:
    return f"<{source}>" if source.startswith("https://") and " " not in source else source


if __name__ == "__main__":
    made = page()
    if "--check" in sys.argv[1:]:
        sys.exit(0 if PAGE.read_text(encoding="utf-8") == made else f"error: {PAGE} is not what the rules say")
    PAGE.write_text(made, encoding="utf-8")
    print(f"{PAGE} written")
