//! Which settings there are and of what kind each is. Not for their defaults, which `config/default.toml` holds.

/// What a setting is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text; one that may hold a password is never repeated in an error.
    Text { secret: bool },
    /// `true` or `false`.
    Flag,
    /// A whole number, not below 0.
    Number,
    /// A list of texts; in a variable with commas between them.
    List,
}

const TEXT: Kind = Kind::Text { secret: false };
const SECRET: Kind = Kind::Text { secret: true };

/// The settings with a fixed name.
const FIXED: [(&str, Kind); 30] = [
    ("server.listen", TEXT),
    ("server.public_url", TEXT),
    ("server.key_file", TEXT),
    ("server.trusted_proxies", Kind::List),
    ("server.rate_limits.token", Kind::Number),
    ("server.rate_limits.address", Kind::Number),
    ("server.rate_limits.links", Kind::Number),
    ("server.rate_limits.failures", Kind::Number),
    ("database.url", SECRET),
    ("metrics.listen", TEXT),
    ("workflows.dir", TEXT),
    ("materials.url", TEXT),
    ("materials.region", TEXT),
    ("materials.endpoint", TEXT),
    ("materials.access_key_id", TEXT),
    ("materials.secret_access_key", SECRET),
    ("mail.transport", TEXT),
    ("mail.smtp_url", SECRET),
    ("mail.directory", TEXT),
    ("mail.from", TEXT),
    ("hooks.allow_private_addresses", Kind::Flag),
    ("oidc.issuer", TEXT),
    ("oidc.client_id", TEXT),
    ("oidc.client_secret", SECRET),
    ("oidc.scopes", Kind::List),
    ("oidc.people", TEXT),
    ("oidc.audience", TEXT),
    ("oidc.title", TEXT),
    ("log.format", TEXT),
    ("log.level", TEXT),
];

/// The settings of one hook, after `hooks.<name>.`.
const OF_A_HOOK: [(&str, Kind); 3] = [("url", TEXT), ("secret", SECRET), ("forms", Kind::List)];

/// The settings of a hook for one partner, after `hooks.<name>.partners.<partner>.`.
const OF_A_PARTNER: [(&str, Kind); 2] = [("url", TEXT), ("secret", SECRET)];

/// The kind of the setting with this name.
pub fn kind(key: &str) -> Option<Kind> {
    let among = |keys: &[(&str, Kind)], name: &str| {
        keys.iter()
            .find(|(known, _)| *known == name)
            .map(|(_, kind)| *kind)
    };
    among(&FIXED, key).or_else(|| {
        let (name, last) = key.strip_prefix("hooks.")?.split_once('.')?;
        if !is_name(name) {
            return None;
        }
        among(&OF_A_HOOK, last).or_else(|| {
            let (partner, last) = last.strip_prefix("partners.")?.split_once('.')?;
            is_partner(partner).then(|| among(&OF_A_PARTNER, last))?
        })
    })
}

/// Whether settings stand below this name: `server`, `hooks.pay_partner`.
pub fn is_section(key: &str) -> bool {
    let is_parent = |(known, _): &(&str, Kind)| {
        known
            .strip_prefix(key)
            .is_some_and(|rest| rest.starts_with('.'))
    };
    FIXED.iter().any(is_parent)
        || key
            .strip_prefix("hooks.")
            .is_some_and(|name| is_section_of_hook(name) && kind(key).is_none())
}

/// Whether settings stand below `hooks.` and this: `pay_partner`, `pay_partner.partners`, `pay_partner.partners.acme`.
fn is_section_of_hook(name: &str) -> bool {
    let (hook, rest) = name.split_once('.').unwrap_or((name, "partners"));
    is_name(hook) && (rest == "partners" || rest.strip_prefix("partners.").is_some_and(is_partner))
}

/// The known name that an unknown one resembles most, if any does.
pub fn nearest(key: &str) -> Option<String> {
    let hook = key
        .strip_prefix("hooks.")
        .and_then(|rest| rest.split_once('.'));
    let of_hook = hook.into_iter().flat_map(|(name, _)| {
        OF_A_HOOK
            .iter()
            .map(move |(last, _)| format!("hooks.{name}.{last}"))
    });
    let sections = FIXED
        .iter()
        .filter_map(|(known, _)| Some(known.rsplit_once('.')?.0));
    let known = FIXED
        .iter()
        .map(|(known, _)| *known)
        .chain(sections)
        .map(str::to_owned)
        .chain(of_hook);
    let close = known.map(|known| (strsim::jaro_winkler(key, &known), known));
    let best = close.max_by(|(left, _), (right, _)| left.total_cmp(right));
    best.filter(|(likeness, _)| *likeness > 0.85)
        .map(|(_, known)| known)
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Whether a partner can be named so in the settings.
fn is_partner(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    !name.is_empty() && name.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_settings_and_sections() {
        assert_eq!(kind("server.listen"), Some(TEXT));
        assert_eq!(kind("hooks.pay_partner.secret"), Some(SECRET));
        assert_eq!(kind("hooks.allow_private_addresses"), Some(Kind::Flag));
        for unknown in [
            "server",
            "server.listen.x",
            "hooks.pay_partner",
            "hooks.Pay.url",
            "hooks.pay_partner.partners.acme",
            "hooks.pay_partner.partners.acme.forms",
            "port",
        ] {
            assert_eq!(kind(unknown), None, "{unknown}");
        }
        assert!(is_section("server") && is_section("hooks") && is_section("hooks.pay_partner"));
        assert_eq!(
            kind("hooks.pay_partner.partners.Acme-2.secret"),
            Some(SECRET)
        );
        assert!(is_section("hooks.pay_partner.partners"));
        assert!(is_section("hooks.pay_partner.partners.acme"));
        assert!(!is_section("hooks.pay_partner.others"));
        assert!(!is_section("hooks.allow_private_addresses") && !is_section("port"));
    }

    #[test]
    fn proposes_what_was_meant() {
        assert_eq!(nearest("server.lisen").as_deref(), Some("server.listen"));
        assert_eq!(nearest("hooks.erp.ulr").as_deref(), Some("hooks.erp.url"));
        assert_eq!(nearest("colour"), None);
    }
}
