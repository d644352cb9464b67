//! What may stand in a header or an envelope. Everything that people can type passes through here;
//! whoever smuggles a line break into a name sends no mail at all.

use lettre::Address;
use url::Host;

use crate::error::Unmailable;

/// Mail programs show no longer subjects, and a header of a megabyte helps nobody.
const SUBJECT_CHARACTERS: usize = 250;

/// The text itself, if it is one line without control characters.
pub(super) fn one_line<'a>(field: &'static str, text: &'a str) -> Result<&'a str, Unmailable> {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    if text.chars().any(breaks) {
        Err(Unmailable::Control { field })
    } else {
        Ok(text.trim())
    }
}

/// A subject of one line, cut where it is endless.
pub(super) fn subject(text: &str) -> Result<String, Unmailable> {
    let line = one_line("subject", text)?;
    if line.chars().count() <= SUBJECT_CHARACTERS {
        return Ok(line.to_owned());
    }
    Ok(line.chars().take(SUBJECT_CHARACTERS).chain(['…']).collect())
}

/// An address for the envelope: plain, its domain in ASCII. Quoted local parts are refused: nobody has
/// one, and they are where the attacks live.
pub(super) fn address(text: &str) -> Result<Address, Unmailable> {
    let refused = || Unmailable::Address(crate::error::excerpt(text));
    let text = one_line("address", text)?;
    let (local, domain) = text.rsplit_once('@').ok_or_else(refused)?;
    let plain = |c: char| c.is_ascii_graphic() && !"\"(),:;<>@[\\]".contains(c);
    if local.is_empty() || !local.chars().all(plain) {
        return Err(refused());
    }
    let domain = ascii_domain(domain).ok_or_else(refused)?;
    Address::new(local, domain).map_err(|_| refused())
}

/// `münchen.example` → `xn--mnchen-3ya.example`; an address of numbers is no domain.
pub(super) fn ascii_domain(domain: &str) -> Option<String> {
    // The parser of URLs undoes percent signs; in mail they mean nothing.
    if domain.contains('%') {
        return None;
    }
    match Host::parse(domain).ok()? {
        Host::Domain(ascii) => Some(ascii),
        Host::Ipv4(_) | Host::Ipv6(_) => None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    #[test]
    fn addresses_that_mail_can_be_sent_to() {
        let table = [
            ("pat@acme.example", "pat@acme.example"),
            ("first.last+tag@Acme.Example", "first.last+tag@acme.example"),
            (" pat@acme.example ", "pat@acme.example"),
            ("o'neil@acme.example", "o'neil@acme.example"),
            ("li@münchen.example", "li@xn--mnchen-3ya.example"),
            ("wei@例子.example", "wei@xn--fsqu00a.example"),
        ];
        for (text, expected) in table {
            assert_eq!(address(text).unwrap().to_string(), expected);
        }
    }

    #[test]
    fn addresses_that_are_refused() {
        let corpus = [
            "",
            "@",
            "pat",
            "pat@",
            "@acme.example",
            "pat@@acme.example",
            "pat acme@x.example",
            "pat@acme example",
            "pat@acme.example\r\nRCPT TO:<eve@evil.example>",
            "pat\n@acme.example",
            "pat\r@acme.example",
            "pat@acme.example\0",
            "\"pat\r\n\"@acme.example",
            "\"a b\"@acme.example",
            "pat@acme.example>\r\nDATA",
            "pat@acme.example> SIZE=1",
            "<pat@acme.example>",
            "pat@[127.0.0.1]",
            "pat@127.0.0.1",
            "pat@[IPv6:::1]",
            "pat@acme.example,eve@evil.example",
            "pat@acme.example;eve@evil.example",
            "eve@evil.example(pat@acme.example)",
            "pat@acme%0d%0a.example",
            "pat%0d%0a@[x]",
            "魏@acme.example",
            "pat\u{2028}@acme.example",
            "pat@ac\u{85}me.example",
            "pat@-x.example",
        ];
        for text in corpus {
            assert!(address(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_subject_is_one_line_and_not_endless() {
        assert_eq!(
            subject("请评审 DR-2026-00042 ").unwrap(),
            "请评审 DR-2026-00042"
        );
        assert_eq!(
            subject(&"评".repeat(300)).unwrap().chars().count(),
            SUBJECT_CHARACTERS + 1
        );
        for text in [
            "a\nb",
            "a\r\nBcc: eve@evil.example",
            "a\0",
            "a\u{b}b",
            "a\u{85}b",
            "a\u{2029}b",
            "a\tb",
        ] {
            assert_eq!(
                subject(text),
                Err(Unmailable::Control { field: "subject" }),
                "{text:?}"
            );
        }
    }
}
