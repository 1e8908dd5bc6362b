//! Addresses as they may be shown: `PUBLIC_BASE_URL` may hold a user and a password.

/// The address without its password.
pub(crate) fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    match authority.rsplit_once('@') {
        Some((credentials, _)) => {
            let user = credentials.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}:***{}", &rest[credentials.len()..])
        }
        None => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown() {
        for (address, shown) in [
            ("https://bot.example/a@b", "https://bot.example/a@b"),
            (
                "https://u:s@bot.example:1/a#rc=5",
                "https://u:***@bot.example:1/a#rc=5",
            ),
            ("https://u:a@s@bot.example", "https://u:***@bot.example"),
            ("https://token@bot.example", "https://token:***@bot.example"),
            ("(not set)", "(not set)"),
        ] {
            assert_eq!(without_password(address), shown);
        }
    }
}
