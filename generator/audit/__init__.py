"""The audit: what the policy wants, what the repository declares and what AWS has, compared from both sides of every connection."""
