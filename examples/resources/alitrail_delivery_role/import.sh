# By name.
terraform import alitrail_delivery_role.example audit-delivery
