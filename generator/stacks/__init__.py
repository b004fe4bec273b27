"""Stacks: skeletons found and rendered, and the data file that each root module plans from."""
