locals {
  default_team = "platform"

  teams = {
    platform = { owner = "platform-team", mail = "platform@${local.suffix}", cost = 100 }
    data     = { owner = "data-team", mail = "data@${local.suffix}", cost = 200 }
  }

  ous = { for env in toset(["dev", "prod"]) : env => env == "prod" ? "Production" : "NonProd (ou-ab12-${env}45678)" }
}
