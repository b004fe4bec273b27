#!/bin/sh
# The example landing zone in a folder of its own, a new account in it, what its tags decide, and what Terraform says of its stacks.
set -eu

zone=${1:-$(mktemp -d "${TMPDIR:-/tmp}/scaffold-demo.XXXXXX")}
show() {
  printf '\n$ %s\n' "$*"
  "$@"
}
# A status of 2 or 3 says that there is something to see.
look() {
  printf '\n$ %s\n' "$*"
  "$@" || test $? -le 3
}

show scaffold demo "$zone"
cd "$zone"
git init --quiet 2>/dev/null || true

show scaffold account prod-search --owner search --tag domain=storefront --with ecr --with rds:catalogue
show scaffold status prod-search
show scaffold peering explain prod-search prod-shop
look scaffold peering audit --snapshot snapshots/clean.json --date 2026-11-24 # the day it was taken

printf '\n$ cat aft-account-request/terraform/prod-search.tf\n'
cat aft-account-request/terraform/prod-search.tf

printf '\n$ cat stacks/prod-search/us-east-1/network/main.tf\n'
cat stacks/prod-search/us-east-1/network/main.tf

# A provider mirror on this machine is used; without one Terraform downloads the provider.
mirror=${SCAFFOLD_PROVIDER_MIRROR:-}
for folder in /opt/*/; do
  if [ -z "$mirror" ] && [ -d "${folder}registry.terraform.io/hashicorp/aws" ]; then
    mirror=${folder%/}
  fi
done

plain=
[ -t 1 ] || plain=-no-color
if command -v terraform >/dev/null; then
  printf '\n$ terraform fmt -check -recursive\n'
  terraform fmt -check -recursive
  for stack in stacks/prod-search/*/* peering/prod-pay--prod-vpn; do
    printf '\n$ terraform -chdir=%s validate\n' "$stack"
    terraform -chdir="$stack" init -backend=false -input=false ${mirror:+-plugin-dir="$mirror"} >init.log 2>&1 || {
      tail -5 init.log
      printf 'The AWS provider could not be fetched, so the rest is not validated.\n'
      break
    }
    terraform -chdir="$stack" validate $plain
  done
  rm -f init.log
else
  printf '\nTerraform is not installed here, so nothing was validated.\n'
fi

printf '\nThe landing zone is in %s\n' "$zone"
