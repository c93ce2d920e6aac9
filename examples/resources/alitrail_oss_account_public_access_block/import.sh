# By the id of the account.
terraform import alitrail_oss_account_public_access_block.example 1234567890123456
