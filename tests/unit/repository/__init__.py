"""Trees, changes and the one writer of files."""
