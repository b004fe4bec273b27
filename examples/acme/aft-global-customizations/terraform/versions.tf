# Yours, as is every file here whose name does not start with "scaffold-". One module has one block of required providers: a second one
# is an error, in every account. Terraform is the version that AFT runs, 1.6.1 unless it was told another.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 6.0"
    }
  }
}
