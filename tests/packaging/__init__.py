"""What somebody installs who has no checkout."""
