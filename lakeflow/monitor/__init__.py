"""The verb monitor: what fails, slows and costs, and what to change and where."""
