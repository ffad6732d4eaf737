"""What differs between environments: base, dev, test and prod as YAML, and the typed Environment of each."""

from environments.environment import Environment
from environments.errors import InvalidEnvironment
from environments.loading import load, load_all, names, selected

__all__ = ["Environment", "InvalidEnvironment", "load", "load_all", "names", "selected"]
