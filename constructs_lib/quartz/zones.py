"""Names of time zones that Java and Python both know.

https://docs.databricks.com/api/workspace/jobs/create (`schedule.timezone_id`).
"""

import re
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from constructs_lib.errors import LakeflowError, nearest

_JAVA_ABBREVIATIONS = {
    "ACT": "Australia/Darwin",
    "AET": "Australia/Sydney",
    "AGT": "America/Argentina/Buenos_Aires",
    "ART": "Africa/Cairo",
    "AST": "America/Anchorage",
    "BET": "America/Sao_Paulo",
    "BST": "Asia/Dhaka",
    "CAT": "Africa/Harare",
    "CNT": "America/St_Johns",
    "CST": "America/Chicago",
    "CTT": "Asia/Shanghai",
    "EAT": "Africa/Addis_Ababa",
    "ECT": "Europe/Paris",
    "IET": "America/Indiana/Indianapolis",
    "IST": "Asia/Kolkata",
    "JST": "Asia/Tokyo",
    "MIT": "Pacific/Apia",
    "NET": "Asia/Yerevan",
    "NST": "Pacific/Auckland",
    "PLT": "Asia/Karachi",
    "PNT": "America/Phoenix",
    "PRT": "America/Puerto_Rico",
    "PST": "America/Los_Angeles",
    "SST": "Pacific/Guadalcanal",
    "VST": "Asia/Ho_Chi_Minh",
}


def timezone(name: str) -> ZoneInfo:
    """Return the time zone of a `timezone_id`; a LakeflowError where Java would quietly take GMT for it.

    Java's `GMT+1`, one hour east, is `Etc/GMT-1`. Java's three-letter names are refused, for `BST` is Dhaka to Java and
    London to its readers.
    """
    zones, wanted = _zones(), name.strip().replace(" ", "_").casefold()
    custom = re.fullmatch(r"GMT([+-])(\d\d?)(?::?00)?", name, re.ASCII)
    if custom:
        sign, hours = ("-" if custom[1] == "+" else "+"), int(custom[2])
        name_of_offset = f"Etc/GMT{sign}{hours}"
        if name_of_offset in zones:
            return ZoneInfo(name_of_offset)
    elif name in zones:
        return ZoneInfo(name)
    if name in _JAVA_ABBREVIATIONS:
        fix = f"Java reads it as `{_JAVA_ABBREVIATIONS[name]}`: write that, or the one you mean"
        raise LakeflowError(f"timezone_id `{name}` is the name of several time zones", fix=fix)
    places = sorted((zone for zone, folded in zones.items() if f"/{folded}".endswith(f"/{wanted}")), key=len)
    near = nearest(wanted, zones.values()) if len(wanted) > 4 and not wanted.endswith("_time") else None
    places += [zone for zone, folded in zones.items() if folded == near]
    fix = "write a place such as `Europe/Berlin`, `UTC`, or whole hours from `GMT-12` to `GMT+14`"
    if places and not re.search("[0-9]", name):
        fix = f"write `{places[0]}`"
    raise LakeflowError(f"timezone_id `{name}` is not the name of a time zone", fix=fix)


@cache
def _zones() -> dict[str, str]:
    """Return the names of time zones that Java knows as well, each with its folded spelling."""
    return {name: name.casefold() for name in sorted(available_timezones() - {"Factory", "ROC", "localtime"})}
