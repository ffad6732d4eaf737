"""What is wrong with a body of Terraform JSON, and where."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that the provider would not take, or would not heed."""

    path: str
    """A JSON pointer into the body, as `/task/2/notebook_task/notebok_path`; for what is missing, to what lacks it."""
    place: str
    """The same for a reader, with keys instead of numbers: `task[ingest].notebook_task.notebok_path`."""
    message: str
    fix: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}; {self.fix}"


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a body. Its words are put together only where there is a problem."""

    step: str | int | None
    word: str
    above: "Place | None" = None

    def attribute(self, name: str) -> "Place":
        """Return the place of an attribute of this object."""
        return Place(name, f".{name}", self)

    def element(self, index: int, value: object) -> "Place":
        """Return the place of an element of this list, named by its key if it has one."""
        return Place(index, f"[{self._key(value) or index}]", self)

    def alone(self, value: object) -> "Place":
        """Return the place of the object that stands where a list of it might."""
        key = self._key(value)
        return Place(None, f"[{key}]", self) if key else self

    def only(self) -> "Place":
        """Return the place of the one element of a list that might as well not be there."""
        return Place(0, "", self)

    def entry(self, key: str) -> "Place":
        """Return the place of an entry of this map."""
        return Place(key, f"[{key}]", self)

    def _key(self, value: object) -> str | None:
        """Return what names an element better than its number: a task's task_key, a parameter's name."""
        names = ("task_key" if self.step == "depends_on" else f"{str(self.step).removesuffix('s')}_key", "name", "key")
        keys = (value[name] for name in names if name in value) if isinstance(value, Mapping) else ()
        return next((key for key in keys if isinstance(key, str)), None)

    def problem(self, message: str, fix: str) -> Problem:
        """Return a problem at this place."""
        path, words, at = "", "", self
        while at.above is not None:
            if at.step is not None:
                path = "/" + str(at.step).replace("~", "~0").replace("/", "~1") + path
            words = at.word + words
            at = at.above
        return Problem(path, words.removeprefix(".") or at.word, message, fix)
