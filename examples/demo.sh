#!/bin/sh
# A small landing zone in a scratch folder: three accounts, what was written, and what happens next.
set -eu

zone=$(mktemp -d "${TMPDIR:-/tmp}/scaffold-demo.XXXXXX")
show() {
  printf '\n$ %s\n' "$*"
  "$@"
}

show scaffold init "$zone" --organization acme --domain acme.com
cd "$zone"
git init --quiet 2>/dev/null || true

show scaffold account prod-ml --owner ml-platform
show scaffold account prod-pay --owner payments --tag tier=data
show scaffold account dev-ml --owner ml-platform --without ecr
show scaffold accounts
show scaffold lint

printf '\n$ cat aft-account-request/terraform/prod-ml.tf\n'
cat aft-account-request/terraform/prod-ml.tf

printf '\n$ cat stacks/prod-ml/us-east-1/network/main.tf\n'
cat stacks/prod-ml/us-east-1/network/main.tf

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
  for stack in stacks/*/*/*; do
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
