//! Which environment variables are settings of the cloud's tools: keys, tokens, roles, profiles, metadata, endpoints.
//!
//! The names are those that the provider, the alicloud provider, the vendor's SDKs, `aliyun`, `ossutil` and `aliyunlog`
//! read, from their documentation and source.

/// What begins like this is a setting of the cloud's tools: keys, tokens, roles, profiles, metadata, endpoints.
const PREFIXES: [&str; 7] =
    ["ALICLOUD_", "ALIBABA_CLOUD_", "ALIBABACLOUD_", "ALIYUN_", "OSS_", "OSSUTIL_", "SLS_"];
/// The same with names of no such form: a file of endpoints, and what `aliyun` falls back to.
const NAMES: [&str; 5] =
    ["TF_ENDPOINT_PATH", "ACCESS_KEY_ID", "ACCESS_KEY_SECRET", "SECURITY_TOKEN", "ENDPOINT_TYPE"];
/// Products whose endpoint the alicloud provider takes from `<PRODUCT>_ENDPOINT`.
const PRODUCTS: &str = "
    ACR ACTIONTRAIL ADB ADCP AIWORKSPACE ALB ALIDFS ALIDNS ALIKAFKA AMQP AMQP_OPEN ANTIDDOS_PUBLIC APIG
    APIGATEWAY ARMS BASTIONHOST BEEBOT BPSTUDIO BRAIN_INDUSTRIAL BSSOPENAPI CAS CASSANDRA CBN CBS CDDC CDN CDS
    CEN CHATBOT CLICKHOUSE CLOUDAPI CLOUDAUTH CLOUDCONTROL CLOUDFIREWALL CLOUDFW CLOUDPHONE CLOUDSSO CMS
    COMPUTENEST CONFIG CR CS DAS DATAHUB DATAWORKSPUBLIC DATAWORKS_PUBLIC DBFS DBS DCDN DDOSBASIC DDOSBGP
    DDOSCOO DDS DEVOPSRDC DEVOPS_RDC DFS DG DM DMS DMSENTERPRISE DMS_ENTERPRISE DNS DRDS DTS DYSMS DYSMSAPI
    EAIS EAS EBS ECD ECI ECS EDAS EDASSCHEDULERX EDSUSER EDS_AIC EDS_USER EFLO EFLO_CNP EFLO_CONTROLLER EHPC
    EHS EIPANYCAST ELASTICSEARCH EMR ENS ESA ESS EVENTBRIDGE EXPRESSCONNECTROUTER FC FC_OPEN FNF FOASCONSOLE
    GA GAPLUS GDB GDS GOVERNANCE GPDB GREEN GWLB GWSECD HBASE HBR HCS_SGW HITSDB HOLOGRAM IMM IMP IMS IOT KMS
    KVSTORE LIVE LOCATION LOG MARKET MAXCOMPUTE MHUB MILVUS MNS MNS_OPEN MSCOPENSUBSCRIPTION MSE NAS NLB
    OCEANBASE OCEANBASEPRO ONS ONSPROXY OOS OPENAPIEXPLORER OPENSEARCH OTS PAIFLOW POLARDB POLARDBX
    PRIVATELINK PVTZ QUICKBI QUICKBI_PUBLIC QUOTAS RAM RDS RDSAI REDISA RESOURCECENTER RESOURCEDIRECTORYMASTER
    RESOURCEMANAGER RESOURCESHARING RESSHARING RKVSTORE ROCKETMQ ROS R_KVSTORE SAE SAG SAS SCDN SCHEDULERX2
    SDDP SELECTDB SERVERLESS SERVICECATALOG SERVICEMESH SGW SLB SMARTAG SRVCATALOG STARROCKS STS SWAS
    SWAS_OPEN TABLESTORE TAG VERVERICA VOD VPC VPCIPAM VPCPEER VS WAF WAFOPENAPI WAF_OPENAPI YUNDUNDBAUDIT
    YUNDUN_BASTIONHOST YUNDUN_DBAUDIT";
/// Whether a variable is a setting of the cloud's tools.
pub fn is_of_the_cloud(name: &str) -> bool {
    let product = || {
        let product = name.strip_suffix("_ENDPOINT");
        product.is_some_and(|product| PRODUCTS.split_whitespace().any(|known| known == product))
    };
    PREFIXES.iter().any(|prefix| name.starts_with(prefix)) || NAMES.contains(&name) || product()
}

#[cfg(test)]
mod tests {
    use super::is_of_the_cloud;

    #[test]
    fn settings_are_known_by_prefix_name_and_product() {
        for name in
            ["ALICLOUD_ACCESS_KEY", "OSS_REGION", "SECURITY_TOKEN", "LOG_ENDPOINT", "ACTIONTRAIL_ENDPOINT"]
        {
            assert!(is_of_the_cloud(name), "{name}");
        }
        for name in ["HOME", "AWS_ENDPOINT_URL", "VAULT_ENDPOINT", "TF_VAR_region", "OSSIFY"] {
            assert!(!is_of_the_cloud(name), "{name}");
        }
    }
}
