# Every account below a folder of the organization.
data "alitrail_organization_accounts" "production" {
  folder_id = "fd-examplefolder"
}

output "production_accounts" {
  value = { for id, account in data.alitrail_organization_accounts.production.accounts : id => account.display_name }
}
