"""The landing zone as one value, and everything that follows from it."""
