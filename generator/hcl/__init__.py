"""HCL: the one place for quoting, a reader of our canonical form, and python-hcl2 for everything else."""
