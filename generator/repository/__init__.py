"""The repository on disk: trees of the work tree and of git refs, what differs, and the only writer of files."""
