//! The regions that the mock knows, as ActionTrail's DescribeRegions lists them, and some that only OSS or SLS serve.

/// A region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Region id.
    pub id: &'static str,
    /// English display name.
    pub name: &'static str,
    /// Chinese display name.
    pub chinese: &'static str,
}

const fn region(id: &'static str, name: &'static str, chinese: &'static str) -> Region {
    Region { id, name, chinese }
}

/// Regions in which ActionTrail is public.
pub const REGIONS: &[Region] = &[
    region("cn-hangzhou", "China (Hangzhou)", "华东1（杭州）"),
    region("cn-shanghai", "China (Shanghai)", "华东2（上海）"),
    region("cn-qingdao", "China (Qingdao)", "华北1（青岛）"),
    region("cn-beijing", "China (Beijing)", "华北2（北京）"),
    region("cn-zhangjiakou", "China (Zhangjiakou)", "华北3（张家口）"),
    region("cn-huhehaote", "China (Hohhot)", "华北5（呼和浩特）"),
    region("cn-wulanchabu", "China (Ulanqab)", "华北6（乌兰察布）"),
    region("cn-shenzhen", "China (Shenzhen)", "华南1（深圳）"),
    region("cn-heyuan", "China (Heyuan)", "华南2（河源）"),
    region("cn-guangzhou", "China (Guangzhou)", "华南3（广州）"),
    region("cn-chengdu", "China (Chengdu)", "西南1（成都）"),
    region("cn-nanjing", "China (Nanjing - Local Region)", "华东5（南京-本地地域）"),
    region("cn-hongkong", "China (Hong Kong)", "中国香港"),
    region("ap-northeast-1", "Japan (Tokyo)", "日本（东京）"),
    region("ap-northeast-2", "South Korea (Seoul)", "韩国（首尔）"),
    region("ap-southeast-1", "Singapore", "新加坡"),
    region("ap-southeast-3", "Malaysia (Kuala Lumpur)", "马来西亚（吉隆坡）"),
    region("ap-southeast-5", "Indonesia (Jakarta)", "印度尼西亚（雅加达）"),
    region("ap-southeast-6", "Philippines (Manila)", "菲律宾（马尼拉）"),
    region("ap-southeast-7", "Thailand (Bangkok)", "泰国（曼谷）"),
    region("us-west-1", "US (Silicon Valley)", "美国（硅谷）"),
    region("us-east-1", "US (Virginia)", "美国（弗吉尼亚）"),
    region("na-south-1", "Mexico", "墨西哥"),
    region("eu-west-1", "UK (London)", "英国（伦敦）"),
    region("eu-central-1", "Germany (Frankfurt)", "德国（法兰克福）"),
    region("me-east-1", "UAE (Dubai)", "阿联酋（迪拜）"),
    region("cn-shanghai-finance-1", "China East 2 Finance", "华东2 金融云"),
];

/// Regions that have storage or security token endpoints, but no public ActionTrail endpoint of their own.
const OTHERS: &[&str] = &[
    "cn-fuzhou",
    "cn-wuhan-lr",
    "cn-hangzhou-finance",
    "cn-shenzhen-finance-1",
    "cn-beijing-finance-1",
    "cn-north-2-gov-1",
    "cn-beijing-gov-1",
    "me-central-1",
    "ap-southeast-8",
    "us-southeast-1",
    "sa-east-1",
];

/// Whether there is such a region.
pub fn exists(id: &str) -> bool {
    REGIONS.iter().any(|region| region.id == id) || OTHERS.contains(&id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_regions_once() {
        assert!(exists("cn-hangzhou") && exists("cn-fuzhou") && !exists("cn-nowhere"));
        for region in REGIONS {
            assert_eq!(REGIONS.iter().filter(|other| other.id == region.id).count(), 1, "{}", region.id);
        }
    }
}
