"""A Databricks workspace in memory: a pure core that answers requests, and a thin server around it."""
