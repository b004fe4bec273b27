"""Is a Terraform plan of a peering stack the decision's, and nothing else? The document, the case, and a table of rules."""
