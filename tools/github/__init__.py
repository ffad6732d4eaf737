"""What the workflows do with GitHub: the review of a pull request, and which plan was reviewed when it is deployed."""
