//! The controls about alerts, and the events that each of them lists (CIS Alibaba Cloud Foundation Benchmark 2.0.0).

use super::AlertControl;
use super::LooksFor::{self, AccessLogs, Logs, Operations};

const fn of(
    id: &'static str,
    title: &'static str,
    templates: &'static [&'static str],
    looks_for: LooksFor,
) -> AlertControl {
    AlertControl { id, title, templates, looks_for }
}

/// The controls of the benchmark.
pub(crate) const CONTROLS: [AlertControl; 13] = [
    of(
        "2.10",
        "changes of RAM policies",
        &["ram_policy_change"],
        Operations(
            &["Ram", "ResourceManager"],
            &[
                "CreatePolicy",
                "DeletePolicy",
                "CreatePolicyVersion",
                "UpdatePolicyVersion",
                "SetDefaultPolicyVersion",
                "DeletePolicyVersion",
            ],
        ),
    ),
    of(
        "2.11",
        "changes of Cloud Firewall",
        &["cloudfirewall_conf_change"],
        Operations(
            &["Cloudfw"],
            &[
                "CreateVpcFirewallControlPolicy",
                "DeleteVpcFirewallControlPolicy",
                "ModifyVpcFirewallControlPolicy",
            ],
        ),
    ),
    of(
        "2.12",
        "changes of VPC routes",
        &["vpc_route_change"],
        Operations(
            &["Ecs", "Vpc"],
            &[
                "CreateRouteEntry",
                "DeleteRouteEntry",
                "ModifyRouteEntry",
                "AssociateRouteTable",
                "UnassociateRouteTable",
            ],
        ),
    ),
    of(
        "2.13",
        "changes of VPCs",
        &["vpc_conf_change"],
        Operations(
            &["Ecs", "Vpc"],
            &[
                "CreateVpc",
                "DeleteVpc",
                "DisableVpcClassicLink",
                "EnableVpcClassicLink",
                "DeletionProtection",
                "AssociateVpcCidrBlock",
                "UnassociateVpcCidrBlock",
                "RevokeInstanceFromCen",
                "CreateVSwitch",
                "DeleteVSwitch",
            ],
        ),
    ),
    of(
        "2.14",
        "changes of OSS permissions",
        &[],
        AccessLogs(&[
            &[("operation", "PutBucket"), ("request_uri", "/?acl")],
            &[("operation", "PutObjectAcl"), ("request_uri", "/object?acl")],
        ]),
    ),
    of(
        "2.15",
        "changes of RDS configurations",
        &["rds_conf_change"],
        Operations(
            &["rds"],
            &[
                "ModifyHASwitchConfig",
                "ModifyDBInstanceHAConfig",
                "SwitchDBInstanceHA",
                "ModifyDBInstanceSpec",
                "MigrateSecurityIPMode",
                "ModifySecurityIps",
                "ModifyDBInstanceSSL",
                "MigrateToOtherZone",
                "UpgradeDBInstanceKernelVersion",
                "UpgradeDBInstanceEngineVersion",
                "ModifyDBInstanceMaintainTime",
                "ModifyDBInstanceAutoUpgradeMinorVersion",
                "AllocateInstancePublicConnection",
                "ModifyDBInstanceConnectionString",
                "ModifyDBInstanceNetworkExpireTime",
                "ReleaseInstancePublicConnection",
                "SwitchDBInstanceNetType",
                "ModifyDBInstanceNetworkType",
                "ModifyDTCSecurityIpHostsForSQLServer",
                "ModifySecurityGroupConfiguration",
                "CreateBackup",
                "ModifyBackupPolicy",
                "DeleteBackup",
                "CreateDdrInstance",
                "ModifyInstanceCrossBackupPolicy",
            ],
        ),
    ),
    of(
        "2.16",
        "API calls that were not authorized",
        &["unauth_apicall"],
        Logs(&[
            &[("event.eventType", "ApiCall"), ("event.errorCode", "NoPermission")],
            &[("event.eventType", "ApiCall"), ("event.errorCode", "Forbidden.RAM")],
            &[("event.eventType", "ApiCall"), ("event.errorCode", "InvalidAccessKeyId.NotFound")],
            &[("event.eventType", "ApiCall"), ("event.errorCode", "InvalidSecurityToken.Expired")],
            &[("event.eventType", "ApiCall"), ("event.errorCode", "SignatureDoesNotMatch")],
            &[("event.eventType", "ApiCall"), ("event.errorCode", "InvalidAuthorization")],
            &[("event.eventType", "ApiCall"), ("event.errorCode", "AccessForbidden")],
            &[("event.eventType", "ApiCall"), ("event.errorCode", "NotAuthorized")],
        ]),
    ),
    of(
        "2.17",
        "console sign-ins without MFA",
        &["ram_mfa_login"],
        // The benchmark names a field that events do not have; this is the one that carries it.
        Logs(&[&[
            ("event.eventName", "ConsoleSignin"),
            ("event.additionalEventData.isMFAChecked", "false"),
            ("event.additionalEventData.loginAccount", "true"),
        ]]),
    ),
    of(
        "2.18",
        "uses of the root account",
        &["root_login"],
        Logs(&[&[("event.eventName", "ConsoleSignin"), ("event.userIdentity.type", "root-account")]]),
    ),
    of(
        "2.19",
        "console sign-ins that failed",
        &["unauth_login"],
        Logs(&[
            &[("event.eventName", "ConsoleSignin"), ("event.errorCode", "InvalidPassword")],
            &[("event.eventName", "ConsoleSignin"), ("event.errorCode", "UserNotExist")],
        ]),
    ),
    of(
        "2.20",
        "disabling and deletion of customer master keys",
        &["ak_conf_change"],
        Operations(&["Kms"], &["DisableKey", "ScheduleKeyDeletion", "DeleteKeyMaterial"]),
    ),
    of(
        "2.21",
        "changes of bucket policies",
        &["oss_policy_change"],
        Operations(
            &["Oss"],
            &[
                "PutBucketLifecycle",
                "PutBucketPolicy",
                "PutBucketCors",
                "PutBucketEncryption",
                "PutBucketReplication",
                "DeleteBucketLifecycle",
                "DeleteBucketPolicy",
                "DeleteBucketCors",
                "DeleteBucketEncryption",
                "DeleteBucketReplication",
            ],
        ),
    ),
    of(
        "2.22",
        "changes of security groups",
        &["securitygroup_change"],
        Operations(
            &["Ecs"],
            &[
                "CreateSecurityGroup",
                "AuthorizeSecurityGroup",
                "AuthorizeSecurityGroupEgress",
                "RevokeSecurityGroup",
                "RevokeSecurityGroupEgress",
                "JoinSecurityGroup",
                "LeaveSecurityGroup",
                "DeleteSecurityGroup",
                "ModifySecurityGroupPolicy",
            ],
        ),
    ),
];

/// Tampering with a trail, which no benchmark asks for.
pub(crate) const TRAIL_TAMPERING: AlertControl = of(
    "trail-tampering",
    "changes of the trail",
    &["trail_off"],
    Operations(&["Actiontrail"], &["StopLogging", "DeleteTrail", "UpdateTrail"]),
);
