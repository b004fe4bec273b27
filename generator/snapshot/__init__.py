"""What one reading of AWS saw, place by place: the model, and its JSON file. Whoever judges AWS judges this."""
