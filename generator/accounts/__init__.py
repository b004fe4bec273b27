"""Account requests: what an account is, how its request is read and written, and the rules it must keep."""
