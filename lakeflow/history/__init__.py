"""What is known of the runs of a workspace's jobs: one document, `Facts`, whichever way it was found out."""
