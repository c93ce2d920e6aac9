//! The alitrail Terraform provider.
