"""AWS, read only: the one room that imports boto3. Everything leaves it as a `Snapshot`."""
