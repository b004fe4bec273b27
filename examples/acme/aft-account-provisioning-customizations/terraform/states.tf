# AFT starts the state machine by this name for every account it provisions.
resource "aws_sfn_state_machine" "aft_account_provisioning_customizations" {
  name       = "aft-account-provisioning-customizations"
  role_arn   = aws_iam_role.aft_states.arn
  definition = file("${path.module}/states/customizations.asl.json")
}
