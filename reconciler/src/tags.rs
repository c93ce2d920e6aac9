//! Tags that nobody manages here.

/// Tags that the vendor's own services put on things, and that nobody else can set.
#[must_use]
pub fn is_system_tag(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.starts_with("acs:") || key.starts_with("aliyun")
}
