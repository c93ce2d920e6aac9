//! Signed clients for Alibaba Cloud: credentials, signers, transport, one module per service. Knows no Terraform.
