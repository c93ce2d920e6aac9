//! The wire: Terraform plugin protocol 6 and the go-plugin helper services.
