import {
  to = alitrail_delivery_role.example
  identity = {
    role_name = "audit-delivery"
  }
}
