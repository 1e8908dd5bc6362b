//! The beginning of the address that Twilio signs, from scheme to path prefix, with and without
//! its port: both may be in the signed text, whatever is configured.

/// An address in the pieces that the signature is particular about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) scheme: String,
    /// User and password with the `@`, or nothing.
    pub(super) credentials: String,
    pub(super) host: String,
    pub(super) port: Option<String>,
    /// What follows the host, up to where our own path begins.
    pub(super) prefix: String,
}

impl Origin {
    /// Reads an address as it is configured; settings have checked that it is one.
    pub(super) fn parse(address: &str) -> Self {
        let (scheme, rest) = address.split_once("://").unwrap_or(("https", address));
        let (authority, prefix) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (credentials, host) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
        let (host, port) = split_port(host);
        Self {
            scheme: scheme.to_ascii_lowercase(),
            credentials: credentials.to_owned(),
            host: host.to_owned(),
            port: port.map(str::to_owned),
            prefix: prefix.to_owned(),
        }
    }

    /// The address without a port, and with the given or usual one.
    pub(super) fn candidates(&self) -> [String; 2] {
        let Self {
            scheme,
            credentials,
            host,
            port,
            prefix,
        } = self;
        let usual = if scheme == "http" { "80" } else { "443" };
        let port = port.as_deref().unwrap_or(usual);
        [
            format!("{scheme}://{credentials}{host}{prefix}"),
            format!("{scheme}://{credentials}{host}:{port}{prefix}"),
        ]
    }
}

/// Host and port; the colons of a bracketed IPv6 address are none of a port.
pub(super) fn split_port(host: &str) -> (&str, Option<&str>) {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (host, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_signed_without_and_with_its_port() {
        for (address, without, with) in [
            (
                "https://a.example",
                "https://a.example",
                "https://a.example:443",
            ),
            (
                "http://a.example",
                "http://a.example",
                "http://a.example:80",
            ),
            (
                "HTTPS://A.example:8443/x",
                "https://A.example/x",
                "https://A.example:8443/x",
            ),
            ("https://u:p@a:1", "https://u:p@a", "https://u:p@a:1"),
            ("http://[::1]", "http://[::1]", "http://[::1]:80"),
            ("http://[::1]:9", "http://[::1]", "http://[::1]:9"),
        ] {
            assert_eq!(
                Origin::parse(address).candidates(),
                [without, with],
                "{address}"
            );
        }
    }
}
