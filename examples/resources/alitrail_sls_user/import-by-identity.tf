import {
  to = alitrail_sls_user.example
  identity = {
    user_id = "security-oncall"
  }
}
