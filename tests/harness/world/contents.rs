//! Everything that a world has stored anywhere, as text: for stories that look for what must not
//! be there any more.

use super::World;

impl World {
    /// All of PostgreSQL, by `pg_dump`.
    pub async fn dump(&self) -> String {
        let mut pg_dump = self.database.postgres.program("pg_dump");
        let output = pg_dump
            .args(["--inserts", &self.database.url])
            .output()
            .await
            .expect("pg_dump");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Where a text is stored: lines of the dump, keys and values in Redis, messages on streams.
    pub async fn places_of(&self, text: &str) -> Vec<String> {
        let mut all: Vec<String> = self.dump().await.lines().map(str::to_owned).collect();
        all.extend(self.cached().await);
        all.extend(self.streams.texts().await);
        all.retain(|place| place.contains(text));
        all
    }

    /// Every key in Redis with its value.
    async fn cached(&self) -> Vec<String> {
        let (mut redis, keys) = self.keys("*").await;
        let mut all = Vec::with_capacity(keys.len());
        for key in keys {
            let kind: String = redis::cmd("TYPE")
                .arg(&key)
                .query_async(&mut redis)
                .await
                .expect("its type");
            let value = match kind.as_str() {
                "string" => redis::cmd("GET").arg(&key).query_async(&mut redis).await,
                "hash" => redis::cmd("HGETALL")
                    .arg(&key)
                    .query_async::<Vec<String>>(&mut redis)
                    .await
                    .map(|fields| fields.join(" ")),
                // It has ended meanwhile.
                "none" => Ok(String::new()),
                other => panic!("a {other} in Redis"),
            };
            all.push(format!("{key} {}", value.unwrap_or_default()));
        }
        all
    }
}
