"""scaffold: accounts, networks and peerings for AWS Control Tower Account Factory for Terraform."""

__version__ = "0.1.0"
