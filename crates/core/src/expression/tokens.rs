//! Cuts the source of an expression into tokens. What they mean together is judged in `syntax`.

/// A token and where it stands, in bytes of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    pub start: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, or a word that looks like one.
    Word,
    Number,
    Text,
    /// A quote without its other end.
    OpenText,
    /// An operator, bracket or other sign.
    Sign,
    /// Something that no expression has.
    Stray,
}

impl Token<'_> {
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub fn is(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }
}

/// Signs of two characters, which are tried before those of one.
const PAIRS: [&str; 6] = ["&&", "||", "==", "!=", "<=", ">="];

const SINGLES: &str = "()[]{}.,?:+-*/%!<>";

pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(first) = source[at..].chars().next() {
        let rest = &source[at..];
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (kind, length) = token(rest, first);
        out.push(Token {
            kind,
            text: &rest[..length],
            start: at,
        });
        at += length;
    }
    out
}

fn token(rest: &str, first: char) -> (Kind, usize) {
    if let Some(found) = quoted(rest) {
        return found;
    }
    let span = |part: &dyn Fn(char) -> bool| rest.find(|c| !part(c)).unwrap_or(rest.len());
    if first.is_ascii_alphabetic() || first == '_' {
        return (Kind::Word, span(&|c| c.is_ascii_alphanumeric() || c == '_'));
    }
    if first.is_ascii_digit() {
        return (Kind::Number, number(rest));
    }
    if let Some(pair) = PAIRS.into_iter().find(|pair| rest.starts_with(pair)) {
        return (Kind::Sign, pair.len());
    }
    if SINGLES.contains(first) {
        return (Kind::Sign, 1);
    }
    let stray = span(&|c| !c.is_ascii() && !c.is_whitespace());
    (Kind::Stray, stray.max(first.len_utf8()))
}

/// The length of a number: digits, a fraction, an exponent, or hexadecimal digits and a suffix.
fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut end = 0;
    while let Some(&byte) = bytes.get(end) {
        let next_is_digit = bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        let exponent = end > 0 && matches!(bytes[end - 1], b'e' | b'E') && !rest.starts_with("0x");
        let goes_on = byte.is_ascii_alphanumeric()
            || (byte == b'.' && next_is_digit)
            || (matches!(byte, b'+' | b'-') && exponent && next_is_digit);
        if !goes_on {
            break;
        }
        end += 1;
    }
    end
}

/// A text in quotes, with `r` and `b` before it, once or three times quoted.
fn quoted(rest: &str) -> Option<(Kind, usize)> {
    let prefix = rest
        .find(|c: char| !matches!(c, 'r' | 'R' | 'b' | 'B'))
        .filter(|&length| length <= 2)?;
    let raw = rest[..prefix].contains(['r', 'R']);
    let body = &rest[prefix..];
    let quote = ["'''", "\"\"\"", "'", "\""]
        .into_iter()
        .find(|quote| body.starts_with(quote))?;
    let mut at = quote.len();
    while let Some(next) = body[at..].chars().next() {
        if body[at..].starts_with(quote) {
            return Some((Kind::Text, prefix + at + quote.len()));
        }
        at += next.len_utf8();
        if next == '\\' && !raw {
            at += body[at..].chars().next().map_or(0, char::len_utf8);
        }
    }
    Some((Kind::OpenText, rest.len()))
}
