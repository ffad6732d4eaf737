"""What an attribute of a cluster says, as far as it is known."""

from constructs_lib.rules.given import truth
from constructs_lib.rules.job import Cluster, said, text


def filled(value: object) -> bool:
    """Return whether a value is there, and no empty string."""
    return said(value) and value != ""


def is_unknown(value: object) -> bool:
    """Return whether a value is a reference, known only later."""
    return isinstance(value, str) and "${" in value


def has(cluster: Cluster, name: str) -> bool:
    """Return whether a cluster has an attribute that is not empty."""
    return filled(cluster.body.get(name))


def flag(cluster: Cluster, name: str) -> bool:
    """Return whether a boolean is true, or may turn out to be."""
    value = cluster.body.get(name)
    return truth(value) or is_unknown(value)


def word_of(cluster: Cluster, name: str) -> str:
    """Return a string that is known now, or an empty one."""
    return text(cluster.body.get(name)) or ""
