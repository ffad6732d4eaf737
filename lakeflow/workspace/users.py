"""Who may talk to the workspace: https://docs.databricks.com/aws/en/admin/users-groups/groups."""

from dataclasses import dataclass

ADMINS = "admins"
EVERYBODY = "users"


@dataclass(frozen=True)
class User:
    """A user or service principal with the groups it is in; everybody is in `users`, an administrator in `admins`."""

    name: str
    admin: bool = True
    groups: frozenset[str] = frozenset()

    @property
    def every_group(self) -> frozenset[str]:
        """The groups that it is in."""
        return self.groups | {EVERYBODY} | ({ADMINS} if self.admin else frozenset())

    @property
    def is_principal(self) -> bool:
        """Whether it is a service principal, which is named by its application id and not by an address."""
        return "@" not in self.name


NOBODY = User("", admin=False)
