"""Step 1: what a workflow is for."""

from constructs_lib.values import Value, attribute

_LABELS = {"owner": "Owner", "audience": "For", "runbook": "Runbook"}


class Goal(Value):
    """What a job produces, for whom, and who answers for it; it becomes the job's description.

    `LakeflowJob(goal="…")` with a plain sentence is the same as `Goal("…")`.
    """

    summary: str = attribute(kw_only=False)
    """One sentence."""
    owner: str | None = attribute(default=None)
    """The team or person who answers for the result."""
    audience: str | None = attribute(default=None)
    """Who uses the result."""
    runbook: str | None = attribute(default=None)
    """Where whoever is on call reads on: a URL."""

    def check(self) -> None:
        """Refuse a goal that says nothing, and one that the API refuses."""
        if not self.summary.strip():
            raise self.error("a goal says what the job produces", fix="write one sentence")
        if len(self.text) > 27_700:
            raise self.error(f"the description has {len(self.text)} characters, and the API takes 27,700")

    @property
    def text(self) -> str:
        """The job's description."""
        labelled = {label: getattr(self, name) for name, label in _LABELS.items()}
        return "\n".join([self.summary, *(f"{label}: {value}" for label, value in labelled.items() if value)])

    @classmethod
    def of(cls, text: str) -> "Goal":
        """Return the goal that a job's description says; `Goal.of(text).text` is `text`."""
        lines, said = text.split("\n"), dict[str, str]()
        for name, label in reversed(_LABELS.items()):
            if len(lines) > 1 and lines[-1].startswith(f"{label}: ") and lines[-1] != f"{label}: ":
                said[name] = lines.pop().removeprefix(f"{label}: ")
        goal = cls("\n".join(lines), **said)
        return goal if goal.text == text else cls(text)
