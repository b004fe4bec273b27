variable "template" {
  type    = string
  default = "account"
}
