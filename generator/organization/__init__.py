"""`scaffold.yaml`: the conventions of one organization, read once into values that never change."""
