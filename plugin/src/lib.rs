//! A framework for Terraform providers: process, values, schema, diagnostics, resources. Knows no cloud.
