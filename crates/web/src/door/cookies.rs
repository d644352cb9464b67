//! The cookies: who is signed in, what forms of a browser that is not signed in are sealed with, and the language.

use axum::http::{HeaderMap, HeaderValue, header};

/// The language.
pub const LANGUAGE: &str = "countersign_language";

/// How cookies are called and kept. Over https they have the prefix that browsers take from the very host only; a
/// demo over plain http on this machine cannot have it, and says so by its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cookies {
    /// Whether pages are reached by https.
    pub secure: bool,
}

impl Cookies {
    /// Who is signed in.
    pub fn session(self) -> &'static str {
        if self.secure {
            "__Host-countersign"
        } else {
            "countersign_plain"
        }
    }

    /// What forms are sealed with before somebody has signed in.
    pub fn visit(self) -> &'static str {
        if self.secure {
            "__Host-countersign-visit"
        } else {
            "countersign_plain_visit"
        }
    }

    /// What a sign-in with a provider was begun with.
    pub fn elsewhere(self) -> &'static str {
        if self.secure {
            "__Host-countersign-provider"
        } else {
            "countersign_plain_provider"
        }
    }

    /// Sets one that is gone after ten minutes.
    pub fn set_briefly(self, name: &str, value: &str) -> HeaderValue {
        self.written(name, value, "; Max-Age=600")
    }

    /// Sets a cookie that no script reads and that other sites' forms do not send.
    pub fn set(self, name: &str, value: &str) -> HeaderValue {
        self.written(name, value, "")
    }

    /// Removes a cookie.
    pub fn remove(self, name: &str) -> HeaderValue {
        self.written(name, "", "; Max-Age=0")
    }

    fn written(self, name: &str, value: &str, more: &str) -> HeaderValue {
        let secure = if self.secure { "; Secure" } else { "" };
        let written = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}");
        HeaderValue::try_from(written).unwrap_or(HeaderValue::from_static(""))
    }
}

/// The cookie of this name.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(named, _)| *named == name)
        .map(|(_, value)| value)
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_https_a_cookie_is_of_the_very_host_and_secure() {
        let cookies = Cookies { secure: true };
        let set = cookies.set(cookies.session(), "secret");
        assert_eq!(
            set,
            "__Host-countersign=secret; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        let plain = Cookies { secure: false };
        let removed = plain.remove(plain.session());
        assert_eq!(
            removed,
            "countersign_plain=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
        );
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; b=2; empty="));
        headers.append(header::COOKIE, HeaderValue::from_static("c=3"));
        for (name, value) in [
            ("b", Some("2")),
            ("c", Some("3")),
            ("empty", None),
            ("d", None),
        ] {
            assert_eq!(cookie(&headers, name), value, "{name}");
        }
    }
}
