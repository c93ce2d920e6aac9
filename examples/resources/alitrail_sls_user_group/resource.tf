resource "alitrail_sls_user" "oncall" {
  user_id   = "security-oncall"
  user_name = "Security on call"
  email     = ["security@example.com"]
}

resource "alitrail_sls_user_group" "example" {
  user_group_id   = "security-team"
  user_group_name = "Security team"
  members         = [alitrail_sls_user.oncall.user_id]
}
