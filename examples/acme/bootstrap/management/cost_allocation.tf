resource "aws_ce_cost_allocation_tag" "this" {
  for_each = toset(var.activate_cost_allocation_tags ? local.organization.cost_allocation_tags : [])

  tag_key = each.value
  status  = "Active"
}
