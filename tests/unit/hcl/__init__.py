"""HCL as people write it, with Terraform as the judge."""
