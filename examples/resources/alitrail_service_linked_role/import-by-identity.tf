import {
  to = alitrail_service_linked_role.example
  identity = {
    service_name = "actiontrail.aliyuncs.com"
  }
}
