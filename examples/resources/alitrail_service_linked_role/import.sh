# By service and role.
terraform import alitrail_service_linked_role.example actiontrail.aliyuncs.com:AliyunServiceRoleForActionTrail
