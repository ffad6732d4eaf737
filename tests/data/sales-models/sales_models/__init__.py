"""The package that tests and docs/code.md make a wheel of."""


def train() -> None:
    """Train the model."""
