# What each alert looks for. Names and values are quoted in the search, so that blanks and colons mean nothing in them; where a
# value ends in a wildcard it must not be quoted, because within quotes a star is a star.

locals {
  # Alerts that are a set of operations of some services: one search says it.
  operations = {
    cis-2-10-ram-policy-change = {
      title    = "CIS 2.10: RAM policy changed"
      severity = 8
      services = ["Ram", "ResourceManager"]
      events = [
        "CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "UpdatePolicyVersion", "SetDefaultPolicyVersion",
        "DeletePolicyVersion",
      ]
    }
    cis-2-11-cloud-firewall-change = {
      title    = "CIS 2.11: Cloud Firewall policy changed"
      severity = 8
      services = ["Cloudfw"]
      events = [
        "CreateVpcFirewallControlPolicy", "DeleteVpcFirewallControlPolicy", "ModifyVpcFirewallControlPolicy",
      ]
    }
    cis-2-12-vpc-route-change = {
      title    = "CIS 2.12: VPC route changed"
      severity = 6
      services = ["Ecs", "Vpc"]
      events = [
        "CreateRouteEntry", "DeleteRouteEntry", "ModifyRouteEntry", "AssociateRouteTable", "UnassociateRouteTable",
      ]
    }
    cis-2-13-vpc-change = {
      title    = "CIS 2.13: VPC changed"
      severity = 6
      services = ["Ecs", "Vpc"]
      events = [
        "CreateVpc", "DeleteVpc", "DisableVpcClassicLink", "EnableVpcClassicLink", "DeletionProtection",
        "AssociateVpcCidrBlock", "UnassociateVpcCidrBlock", "RevokeInstanceFromCen", "CreateVSwitch", "DeleteVSwitch",
      ]
    }
    cis-2-15-rds-configuration-change = {
      title    = "CIS 2.15: RDS instance configuration changed"
      severity = 6
      services = ["rds"]
      events = [
        "ModifyHASwitchConfig", "ModifyDBInstanceHAConfig", "SwitchDBInstanceHA", "ModifyDBInstanceSpec",
        "MigrateSecurityIPMode", "ModifySecurityIps", "ModifyDBInstanceSSL", "MigrateToOtherZone",
        "UpgradeDBInstanceKernelVersion", "UpgradeDBInstanceEngineVersion", "ModifyDBInstanceMaintainTime",
        "ModifyDBInstanceAutoUpgradeMinorVersion", "AllocateInstancePublicConnection",
        "ModifyDBInstanceConnectionString", "ModifyDBInstanceNetworkExpireTime", "ReleaseInstancePublicConnection",
        "SwitchDBInstanceNetType", "ModifyDBInstanceNetworkType", "ModifyDTCSecurityIpHostsForSQLServer",
        "ModifySecurityGroupConfiguration", "CreateBackup", "ModifyBackupPolicy", "DeleteBackup", "CreateDdrInstance",
        "ModifyInstanceCrossBackupPolicy",
      ]
    }
    cis-2-20-customer-key-disabled = {
      title    = "CIS 2.20: customer master key disabled or to be deleted"
      severity = 10
      services = ["Kms"]
      events   = ["DisableKey", "ScheduleKeyDeletion", "DeleteKeyMaterial"]
    }
    cis-2-21-bucket-policy-change = {
      title    = "CIS 2.21: OSS bucket policy changed"
      severity = 6
      services = ["Oss"]
      events = [
        "PutBucketLifecycle", "PutBucketPolicy", "PutBucketCors", "PutBucketEncryption", "PutBucketReplication",
        "DeleteBucketLifecycle", "DeleteBucketPolicy", "DeleteBucketCors", "DeleteBucketEncryption",
        "DeleteBucketReplication",
      ]
    }
    cis-2-22-security-group-change = {
      title    = "CIS 2.22: security group changed"
      severity = 6
      services = ["Ecs"]
      events = [
        "CreateSecurityGroup", "AuthorizeSecurityGroup", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroup",
        "RevokeSecurityGroupEgress", "JoinSecurityGroup", "LeaveSecurityGroup", "DeleteSecurityGroup",
        "ModifySecurityGroupPolicy",
      ]
    }
    trail-change = {
      title    = "Audit trail stopped, deleted or changed"
      severity = 10
      services = ["Actiontrail"]
      events = [
        "StopLogging", "DeleteTrail", "UpdateTrail", "PutDataEventSelector", "DeleteDataEventSelector",
        "UpdateGlobalEventsStorageRegion",
      ]
    }
  }

  # Alerts that need more than that.
  searches = {
    # The codes of the benchmark, and those by which OSS and Simple Log Service refuse.
    cis-2-16-unauthorized-call = {
      title    = "CIS 2.16: API call refused for lack of permission"
      severity = 4
      search = join(" and ", ["\"event.eventType\": \"ApiCall\"", format("(%s)", join(" or ", [
        for code in [
          "NoPermission*", "Forbidden*", "InvalidAccessKeyId*", "InvalidSecurityToken*", "SignatureDoesNotMatch",
          "InvalidAuthorization", "AccessForbidden", "NotAuthorized", "AccessDenied", "Unauthorized",
        ] : "\"event.errorCode\": ${code}"
      ]))])
    }
    # Where the benchmark names a field, it misspells its parent; some indexes of ActionTrail have the field that way.
    cis-2-17-login-without-mfa = {
      title    = "CIS 2.17: console sign-in without MFA"
      severity = 8
      search   = "\"event.eventName\": \"ConsoleSignin\" and (\"event.additionalEventData.isMFAChecked\": \"false\" or \"event.addionalEventData.loginAccount\": \"false\")"
    }
    cis-2-18-root-login = {
      title    = "CIS 2.18: root account used"
      severity = 10
      search   = "\"event.eventName\": \"ConsoleSignin\" and \"event.userIdentity.type\": \"root-account\""
    }
    # A sign-in that succeeds has no error code, or an empty one.
    cis-2-19-login-failure = {
      title    = "CIS 2.19: console sign-in failed"
      severity = 4
      search   = "\"event.eventName\": \"ConsoleSignin\" and \"event.errorCode\": * and not \"event.errorCode\": \"\""
    }
    # Whatever is written to the project: the logstore, its index, and the alerts themselves.
    audit-project-change = {
      title    = "Log project of the audit trail changed"
      severity = 8
      search   = "(\"event.serviceName\": \"Sls\" or \"event.serviceName\": \"Log\") and \"event.eventRW\": \"Write\" and \"${var.project_name}\""
    }
  }

  archive = var.archive_bucket == null ? {} : {
    # The name is looked for anywhere in the event: events of different operations carry it in different members.
    archive-bucket-change = {
      title    = "Archive bucket of the audit trail changed"
      severity = 8
      search   = "\"event.serviceName\": \"Oss\" and \"event.eventRW\": \"Write\" and \"${var.archive_bucket}\""
    }
  }

  # Setting an ACL is no management event: it shows in the access log of OSS.
  access_log = var.oss_access_log == null ? {} : {
    cis-2-14-oss-permission-change = {
      title    = "CIS 2.14: permissions of an OSS bucket or object changed"
      severity = 8
      search   = "(operation: PutBucket and request_uri: acl) or operation: PutBucketAcl or operation: PutObjectAcl"
    }
  }

  in_trail_logstore = merge(
    {
      for id, alert in local.operations : id => {
        title    = alert.title
        severity = alert.severity
        search = format(
          "(%s) and (%s)",
          join(" or ", [for service in alert.services : "\"event.serviceName\": \"${service}\""]),
          join(" or ", [for event in alert.events : "\"event.eventName\": \"${event}\""]),
        )
      }
    },
    local.searches,
    local.archive,
  )

  alerts = {
    for id, alert in merge(
      { for id, alert in local.in_trail_logstore : id => merge(alert, {
        project = var.project_name, store = var.logstore_name
      }) },
      { for id, alert in local.access_log : id => merge(alert, {
        project = var.oss_access_log.project_name, store = var.oss_access_log.logstore_name
      }) },
      ) : id => merge(alert, {
        # Columns would need statistics to be switched on for them; a count needs nothing.
        query = "${alert.search} | select count(1) as cnt"
    }) if !contains(var.without, id)
  }
}
