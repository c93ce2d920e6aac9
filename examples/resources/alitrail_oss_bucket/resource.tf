# Private, public access blocked, versioned and encrypted: these are the defaults.
resource "alitrail_oss_bucket" "example" {
  bucket = "audit-trail-archive"

  tags = {
    owner = "security"
  }

  deletion_protection = true
}

# Written to from other continents, through hosts that are faster from there and cost extra.
resource "alitrail_oss_bucket" "overseas" {
  bucket                = "audit-trail-overseas"
  transfer_acceleration = true
}
