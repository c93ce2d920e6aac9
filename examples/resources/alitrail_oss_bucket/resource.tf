# Private, public access blocked, versioned and encrypted: these are the defaults.
resource "alitrail_oss_bucket" "example" {
  bucket = "audit-trail-archive"

  tags = {
    owner = "security"
  }

  deletion_protection = true
}
