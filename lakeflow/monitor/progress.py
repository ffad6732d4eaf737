"""What standard error says while facts are read: a bar on a terminal, and nothing elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from lakeflow.history.engines import Progress, quiet


@contextmanager
def progress(source: str) -> Iterator[Progress]:
    """Give what is told how far the reading is; the bar is gone when it ends."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress as Bar, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield quiet
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Bar(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task(source)

        def told(done: int, of: int, what: str) -> None:
            if of:
                bar.update(task, completed=done, total=of)
            # What has no number only says what goes on.
            bar.update(task, description=f"{source}: {what}")

        yield told
