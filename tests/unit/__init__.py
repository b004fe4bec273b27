"""Rooms of the program on their own: values in, values out."""
