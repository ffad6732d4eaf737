"""Rules about who is told of runs, and about the thresholds of health rules.

https://docs.databricks.com/aws/en/jobs/notifications
"""

from constructs_lib.rules.notifications import emails, failures, health, health_events, webhooks
from constructs_lib.rules.rule import Rule

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (*webhooks.RULES, *emails.RULES, *failures.RULES, *health.RULES, *health_events.RULES),
        key=lambda rule: rule.code,
    )
)
