"""Users, groups and service principals, wherever a job names them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from constructs_lib.rules.finding import Hit, Path
from constructs_lib.rules.job import Body, Job, mappings, text

PRINCIPALS = ("user_name", "service_principal_name", "group_name")
LEVEL_NAMES = {"permissions": "level", "access_control_list": "permission_level"}
_LISTS = frozenset(LEVEL_NAMES)


@dataclass(frozen=True, slots=True)
class Grant:
    """One grant of a job, as written."""

    body: Body
    path: Path
    name: str
    """How a message names it: `permissions[0]`."""
    level_name: str

    def hit(self, *path: str, message: str, hint: str) -> Hit:
        """Return a hit at an attribute of the grant."""
        return Hit((*self.path, *path), f"{self.name}: {message}", hint)

    @property
    def level(self) -> str | None:
        """The level that is granted, if it is known."""
        return text(self.body.get(self.level_name))

    @property
    def strange(self) -> list[str]:
        """The attributes that a grant does not have."""
        return [str(name) for name in self.body if name not in PRINCIPALS and name != self.level_name]

    @property
    def principal(self) -> tuple[str, str] | None:
        """The one principal that it names, with the kind; None where that is not known."""
        given = given_names(self.body)
        value = text(self.body[given[0]]) if len(given) == 1 else None
        return (given[0], value) if value else None


def grants_of(job: Job) -> Sequence[Grant]:
    """Return the grants of a job, in both lists that can hold them."""
    if _LISTS.isdisjoint(job.body):
        return ()
    return [
        Grant(body, (attribute, index), f"{attribute}[{index}]", level_name)
        for attribute, level_name in LEVEL_NAMES.items()
        for index, body in mappings(job.body.get(attribute))
    ]


def given_names(body: Body) -> list[str]:
    """Return the kinds of principals that a block names, in the order in which it does."""
    return [name for name in body if name in PRINCIPALS and body[name] is not None and body[name] != ""]


def named(job: Job, kind: str) -> Iterator[tuple[Path, str, str]]:
    """Yield what `run_as` and the grants name of a kind, where they name nobody else: path, place and value."""
    run_as = job.block("run_as")
    value = text(run_as.get(kind))
    if value and len(given_names(run_as)) == 1:
        yield ("run_as", kind), "run_as", value
    for grant in grants_of(job):
        if grant.principal and grant.principal[0] == kind:
            yield (*grant.path, kind), grant.name, grant.principal[1]


def is_address(value: str) -> bool:
    """Return whether a string can be an e-mail address: one `@`, something before it, a domain after it."""
    local, _, domain = value.partition("@")
    return bool(
        local
        and "@" not in domain
        and "." in domain
        and not domain.startswith(".")
        and not domain.endswith(".")
        and ".." not in domain
        and not any(letter.isspace() or letter in ",;<>()" for letter in value)
    )
