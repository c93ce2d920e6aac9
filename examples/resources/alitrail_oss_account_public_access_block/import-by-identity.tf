import {
  to = alitrail_oss_account_public_access_block.example
  identity = {
    account_id = "1234567890123456"
  }
}
