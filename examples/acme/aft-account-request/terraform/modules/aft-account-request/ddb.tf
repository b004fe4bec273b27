# AFT reads the row by its stream: the address of this resource and the shape of the item are AFT's contract.
resource "aws_dynamodb_table_item" "account-request" {
  table_name = var.account-request-table
  hash_key   = var.account-request-table-hash

  item = jsonencode({
    id = { S = var.control_tower_parameters.AccountEmail }

    control_tower_parameters = {
      M = { for name, value in var.control_tower_parameters : name => { S = value } }
    }
    change_management_parameters = {
      M = { for name, value in var.change_management_parameters : name => { S = value } }
    }

    # Maps that AFT expects as JSON text, not as DynamoDB maps.
    account_tags  = { S = jsonencode(var.account_tags) }
    custom_fields = { S = jsonencode(var.custom_fields) }

    account_customizations_name = { S = var.account_customizations_name }
  })
}
