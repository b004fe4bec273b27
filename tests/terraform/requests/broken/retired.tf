# module "retired" {
#   source = "./modules/aft-account-request"
#
#   control_tower_parameters = {
#     AccountEmail = "aws+retired@example.com"
#   }
    account_tags = {
      Owner = "nobody"
#   }
# }

locals {
  domain = "example.com"
}
