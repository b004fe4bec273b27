locals {
  accounts = [
    {
      name  = "Data Lake"
      email = "data-lake"
      ou    = "Workloads (ou-ab12-work3456)"
      tags  = { Owner = "data", "acme:tier" = "data" }
    },
    {
      name = "Sandbox 1"
      email = "sandbox-1"
      ou   = "Sandbox"
      tags = {}
    },
    { name = "Éclair", email = "eclair", ou = "Sandbox", tags = { Owner = "pâtisserie" } },
  ]
}
