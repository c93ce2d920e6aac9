# One state for each folder below the root: its accounts are rolled out together.
data "alitrail_organization_folders" "top" {
  include_subfolders = false
}

output "folders" {
  value = { for id, folder in data.alitrail_organization_folders.top.folders : folder.folder_name => id }
}
