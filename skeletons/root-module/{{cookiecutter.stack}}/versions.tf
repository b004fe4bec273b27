terraform {
  required_version = "{{ cookiecutter.terraform_required }}"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "{{ cookiecutter.aws_required }}"
    }
  }
}
