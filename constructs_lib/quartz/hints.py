"""What to write instead of a text that Quartz does not take."""

import re

from constructs_lib.quartz.fields import WEEKDAYS, Field

ORDER = "`second minute hour day-of-month month day-of-week [year]`"
ALIASES = {
    "@YEARLY": "0 0 0 1 1 ?",
    "@ANNUALLY": "0 0 0 1 1 ?",
    "@MONTHLY": "0 0 0 1 * ?",
    "@WEEKLY": "0 0 0 ? * SUN",
    "@DAILY": "0 0 0 * * ?",
    "@MIDNIGHT": "0 0 0 * * ?",
    "@HOURLY": "0 0 * * * ?",
}


def choice(each: Field) -> str:
    """Return the values of a field in words."""
    names = f" ({each.names[0]}) to {each.high} ({each.names[-1]})" if each.names else f" to {each.high}"
    return f"{each.low}{names}"


def one_day_field(texts: list[str]) -> str:
    """Return six or seven fields with `?` in one of the two day fields: two schedules where both of them matter."""
    before, day, month, weekday, year = texts[:3], texts[3], texts[4], texts[5], texts[6:]
    by_day, by_weekday = [day, month, "?"], ["?", month, weekday]
    if {day, weekday} == {"?"}:
        by_day[0] = "*"
    chosen = [by_day] if weekday in ("*", "?") else [by_weekday] if day in ("*", "?") else [by_day, by_weekday]
    return ", and as another schedule ".join(f"`{' '.join([*before, *days, *year])}`" for days in chosen)


def from_unix(texts: list[str]) -> str:
    """Return the five fields of a Unix cron expression, where Sunday is 0 and 7, as Quartz has them."""
    weekday = re.sub(r"(?<![/0-9])[0-7](?![0-9])", lambda day: WEEKDAYS.names[int(day[0]) % 7], texts[4])
    return one_day_field(["0", *texts[:4], weekday])
