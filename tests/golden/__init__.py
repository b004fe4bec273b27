"""What the program emits, byte for byte."""
