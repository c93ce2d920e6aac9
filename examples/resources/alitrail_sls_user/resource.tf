resource "alitrail_sls_user" "example" {
  user_id   = "security-oncall"
  user_name = "Security on call"
  email     = ["security@example.com"]
}

# Reached by text message and call too.
resource "alitrail_sls_user" "nights" {
  user_id       = "security-nights"
  user_name     = "Security at night"
  country_code  = "86"
  phone         = "13800000000"
  sms_enabled   = true
  voice_enabled = true
}
