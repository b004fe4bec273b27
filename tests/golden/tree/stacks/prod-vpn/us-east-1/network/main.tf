module "network" {
  source = "../../../../modules/network/1.0.0"

  name       = local.account.network.name
  cidr_block = local.account.network.cidr_block

  # A zone's position decides its ranges: append a third zone, never reorder.
  zone_ids = ["use1-az1", "use1-az2", "use1-az4"]

  nat_gateways = "one_per_zone"

  flow_log_retention_days = 365
}
