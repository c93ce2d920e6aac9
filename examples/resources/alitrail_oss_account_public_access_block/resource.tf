# No bucket of this account is public, whatever its own settings say.
resource "alitrail_oss_account_public_access_block" "example" {}
