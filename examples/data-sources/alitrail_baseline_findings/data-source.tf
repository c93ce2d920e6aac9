# What `alitrail audit` would find in the account, as a check: it warns, and stops no apply. Keep the data source outside the
# check block; inside, Terraform would plan to read it again with every apply.
data "alitrail_baseline_findings" "this" {
  profile  = "cis-2.0-l1"
  rules    = ["AT-*"]
  severity = "critical"
}

check "baseline" {
  assert {
    condition     = length(data.alitrail_baseline_findings.this.findings) == 0
    error_message = join("\n", [for finding in data.alitrail_baseline_findings.this.findings : finding.message])
  }
}
