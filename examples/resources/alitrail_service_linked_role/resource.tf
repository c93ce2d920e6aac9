# The role that ActionTrail delivers with by default. Made once per account; one that is there is taken over.
resource "alitrail_service_linked_role" "example" {
}
