"""YAML and JSON that people write: read strictly, every value with its line, checked against a shape."""
