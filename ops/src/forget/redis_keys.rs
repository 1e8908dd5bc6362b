//! Sessions and limits in Redis: every key of a person ends in their hash.

use redis::AsyncCommands as _;

use super::{Person, Stores};

/// How many keys Redis looks at in one step.
const STEP: usize = 1000;

/// Deletes them; returns how many there were.
pub(super) async fn erase(stores: &Stores, person: &Person) -> anyhow::Result<u64> {
    let mut redis = stores.redis.clone();
    let (mut cursor, mut keys) = (0_u64, Vec::new());
    loop {
        let (next, found): (u64, Vec<String>) = redis::cmd("SCAN")
            .arg(cursor)
            .arg("MATCH")
            .arg(format!("{}:*", stores.redis_prefix))
            .arg("COUNT")
            .arg(STEP)
            .query_async(&mut redis)
            .await?;
        let of_person = |key: &String| person.hashes.iter().any(|hash| key.contains(hash));
        keys.extend(found.into_iter().filter(of_person));
        if next == 0 {
            break;
        }
        cursor = next;
    }
    if keys.is_empty() {
        return Ok(0);
    }
    Ok(redis.del(keys).await?)
}
