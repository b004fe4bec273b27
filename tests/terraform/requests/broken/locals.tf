locals {
  owner = "platform"
}
