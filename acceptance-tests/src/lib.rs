//! Real Terraform and official SDKs against the provider and the mock cloud.
