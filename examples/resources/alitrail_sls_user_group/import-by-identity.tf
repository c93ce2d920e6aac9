import {
  to = alitrail_sls_user_group.example
  identity = {
    user_group_id = "security-team"
  }
}
