"""What several kinds of tests share: a server that answers as AWS, and Terraform as a function."""
