"""What `init` writes and other machines run: GitHub's workflows, the Atlantis server's plan step, pre-commit, Renovate."""
