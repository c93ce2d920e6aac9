//! Checks of single values of a logstore's configuration (SLS API reference, CreateLogStore).

use reconciler::sls_logstore::PERMANENT;

pub(super) fn retention(days: &i64) -> Result<(), String> {
    if (1..=PERMANENT).contains(days) {
        return Ok(());
    }
    Err(format!("Logs cannot be kept for {days} days. Use 1 to 3650; 3650 keeps them for good."))
}

pub(super) fn hot_ttl(days: &i64) -> Result<(), String> {
    if (7..=PERMANENT).contains(days) {
        return Ok(());
    }
    Err(format!(
        "Logs cannot be hot for {days} days. Use at least 7, and at most as many as retention_period; leave it out to keep \
         all logs hot."
    ))
}

pub(super) fn infrequent_access_ttl(days: &i64) -> Result<(), String> {
    if (30..=PERMANENT).contains(days) {
        return Ok(());
    }
    Err(format!(
        "Logs cannot be in infrequent-access storage for {days} days. Use at least 30; leave it out to not use that tier."
    ))
}

pub(super) fn shard_count(count: &i64) -> Result<(), String> {
    if (1..=100).contains(count) {
        return Ok(());
    }
    Err(format!("A store cannot be made with {count} shards. Use 1 to 100."))
}

pub(super) fn split_limit(count: &i64) -> Result<(), String> {
    if (1..=256).contains(count) {
        return Ok(());
    }
    Err(format!("Splitting cannot be limited to {count} shards. Use 1 to 256."))
}

pub(super) fn key_id(id: &str) -> Result<(), String> {
    if id.is_empty() {
        return Err("It is empty. Leave user_cmk_info out for a key that the service manages.".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_those_of_the_service() {
        for (check, good, bad) in [
            (retention as fn(&i64) -> Result<(), String>, [1, 3650], [0, 3651]),
            (hot_ttl, [7, 3650], [6, 3651]),
            (infrequent_access_ttl, [30, 3650], [29, 3651]),
            (shard_count, [1, 100], [0, 101]),
            (split_limit, [1, 256], [0, 257]),
        ] {
            assert!(good.iter().all(|value| check(value).is_ok()), "{good:?}");
            assert!(bad.iter().all(|value| check(value).is_err()), "{bad:?}");
        }
    }
}
