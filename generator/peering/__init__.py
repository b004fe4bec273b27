"""Peering: which networks meet, decided from the accounts' tags, and the Terraform that connects them."""
