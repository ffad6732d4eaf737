"""Scenarios: what a workspace's jobs did over some months, said in a page of plain data and played without a cloud."""
