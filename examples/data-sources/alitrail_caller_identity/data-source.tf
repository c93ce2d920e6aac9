data "alitrail_caller_identity" "current" {}

output "account_id" {
  value = data.alitrail_caller_identity.current.account_id
}
