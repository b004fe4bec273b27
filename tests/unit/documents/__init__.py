"""Documents: YAML, shapes and days."""
