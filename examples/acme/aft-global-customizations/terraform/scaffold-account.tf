# Managed by scaffold; run "scaffold sync". sha256:c11310a9079e176a68e0e963ae6e3ad18ba7c081221f42dac85cc900b8053b73
data "aws_caller_identity" "scaffold" {}

# By path, since a read of one parameter fails where there is none: an account that is older than scaffold has no account_name.
data "aws_ssm_parameters_by_path" "scaffold" {
  path = "/aft/account-request/custom-fields"
}

locals {
  scaffold_fields = nonsensitive(zipmap(data.aws_ssm_parameters_by_path.scaffold.names, data.aws_ssm_parameters_by_path.scaffold.values))
  scaffold_name   = lookup(local.scaffold_fields, "/aft/account-request/custom-fields/account_name", null)

  # A guardrail could break what an older account has long been doing: such an account gets the roles only.
  scaffold_on = {
    for guardrail, on in local.scaffold.guardrails : guardrail => on && local.scaffold_name != null
  }

  # AWS takes 3 to 63 of a-z, 0-9 and single hyphens. What is longer ends in a hash, so that two long names stay two.
  scaffold_alias_whole = trim(replace(lower("${local.scaffold.organization}-${coalesce(local.scaffold_name, "none")}"), "/[^a-z0-9]+/", "-"), "-")
  scaffold_alias_head  = trimsuffix(substr(local.scaffold_alias_whole, 0, 54), "-")
  scaffold_alias_short = "${local.scaffold_alias_head}-${substr(sha256(local.scaffold_alias_whole), 0, 8)}"

  # Tags of an account do not reach what stands in it.
  scaffold_tags = {
    managed-by = "scaffold"
  }
}

resource "aws_iam_account_alias" "scaffold" {
  count = local.scaffold_on.account_alias ? 1 : 0

  account_alias = length(local.scaffold_alias_whole) > 63 ? local.scaffold_alias_short : local.scaffold_alias_whole
}

resource "aws_s3_account_public_access_block" "scaffold" {
  count = local.scaffold_on.s3_public_access_block ? 1 : 0

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_iam_account_password_policy" "scaffold" {
  count = local.scaffold_on.password_policy ? 1 : 0

  minimum_password_length        = 16
  require_lowercase_characters   = true
  require_uppercase_characters   = true
  require_numbers                = true
  require_symbols                = true
  allow_users_to_change_password = true
  max_password_age               = 90
  password_reuse_prevention      = 24
}

resource "aws_budgets_budget" "scaffold" {
  for_each = { for period, budget in local.scaffold.budgets : period => budget if local.scaffold_name != null }

  name         = "scaffold-${each.key}"
  budget_type  = "COST"
  limit_amount = tostring(each.value.usd)
  limit_unit   = "USD"
  time_unit    = upper(each.key)

  notification {
    comparison_operator        = "GREATER_THAN"
    notification_type          = "ACTUAL"
    threshold                  = 80
    threshold_type             = "PERCENTAGE"
    subscriber_email_addresses = [each.value.email]
  }

  notification {
    comparison_operator        = "GREATER_THAN"
    notification_type          = "FORECASTED"
    threshold                  = 100
    threshold_type             = "PERCENTAGE"
    subscriber_email_addresses = [each.value.email]
  }

  tags = local.scaffold_tags
}
