//! Just enough of Rust's lexical grammar to look at code without its comments and strings, to find functions and to
//! find names. Not a parser: a rule that needs one is not a rule for this folder.

/// A function as it stands in a file.
#[derive(Debug, PartialEq)]
pub struct Function {
    pub name: String,
    /// Counted from 1.
    pub line: usize,
    /// From the line of `fn` to that of the closing brace, both included.
    pub lines: usize,
}

/// The text with every comment, string and character literal turned into blanks; lines stay where they are.
pub fn code_only(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = end_of_blank(&chars, at);
        if end > at {
            code.extend(
                chars[at..end]
                    .iter()
                    .map(|&c| if c == '\n' { c } else { ' ' }),
            );
            at = end;
        } else {
            code.push(chars[at]);
            at += 1;
        }
    }
    code
}

/// The functions with a body, nested ones too, in the order of the file. Takes what `code_only` gave.
pub fn functions(code: &str) -> Vec<Function> {
    let words = words(code);
    // Between `fn` and a name is nothing; in a pointer's type, `fn(u8)`, there is a bracket.
    let pairs = words
        .windows(2)
        .filter(|pair| pair[0].0 == "fn" && code[pair[0].1 + 2..pair[1].1].trim().is_empty());
    pairs
        .filter_map(|pair| {
            let (name, begin) = pair[1];
            let end = end_of_body(&code[begin..])? + begin;
            let line = code[..pair[0].1].matches('\n').count() + 1;
            let last = code[..end].matches('\n').count() + 1;
            Some(Function {
                name: name.into(),
                line,
                lines: last - line + 1,
            })
        })
        .collect()
}

/// The identifiers and keywords with the byte where each begins. Takes what `code_only` gave.
pub fn words(code: &str) -> Vec<(&str, usize)> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut words = Vec::new();
    let mut begin = None;
    for (at, c) in code.char_indices().chain([(code.len(), ' ')]) {
        match (begin, is_part(c)) {
            (None, true) => begin = Some(at),
            (Some(from), false) => {
                words.push((&code[from..at], from));
                begin = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }
    words
}

/// Where the comment or literal that begins at `at` ends; `at` itself where none begins.
fn end_of_blank(chars: &[char], at: usize) -> usize {
    let next = |offset: usize| chars.get(at + offset).copied();
    match chars[at] {
        '/' if next(1) == Some('/') => (at..chars.len())
            .find(|&i| chars[i] == '\n')
            .unwrap_or(chars.len()),
        '/' if next(1) == Some('*') => end_of_block_comment(chars, at),
        '"' => end_of_quoted(chars, at + 1, '"'),
        '\'' if next(1) == Some('\\') => end_of_quoted(chars, at + 1, '\''),
        '\'' if next(2) == Some('\'') => at + 3,
        'r' if !follows_a_word(chars, at) => end_of_raw(chars, at).unwrap_or(at),
        _ => at,
    }
}

fn end_of_block_comment(chars: &[char], at: usize) -> usize {
    let mut depth = 0;
    let mut i = at;
    while i + 1 < chars.len() {
        match (chars[i], chars[i + 1]) {
            ('/', '*') => (depth, i) = (depth + 1, i + 2),
            ('*', '/') => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
    chars.len()
}

fn end_of_quoted(chars: &[char], from: usize, quote: char) -> usize {
    let mut i = from;
    while i < chars.len() {
        match chars[i] {
            '\\' => i += 2,
            c if c == quote => return i + 1,
            _ => i += 1,
        }
    }
    chars.len()
}

/// `r"…"` and `r#"…"#`; `r#name` is none.
fn end_of_raw(chars: &[char], at: usize) -> Option<usize> {
    let hashes = chars[at + 1..].iter().take_while(|&&c| c == '#').count();
    let open = at + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return None;
    }
    let closes = |&i: &usize| {
        chars[i] == '"'
            && chars[i + 1..]
                .iter()
                .take(hashes)
                .filter(|&&c| c == '#')
                .count()
                == hashes
    };
    Some(
        (open + 1..chars.len())
            .find(closes)
            .map_or(chars.len(), |i| i + 1 + hashes),
    )
}

/// `br"…"` is raw all the same, `var"` is not.
fn follows_a_word(chars: &[char], at: usize) -> bool {
    let is_word = |i: usize| chars[i].is_alphanumeric() || chars[i] == '_';
    at > 0 && is_word(at - 1) && !(chars[at - 1] == 'b' && (at < 2 || !is_word(at - 2)))
}

/// The byte after the closing brace of the first body; `None` where a `;` comes first.
fn end_of_body(code: &str) -> Option<usize> {
    let mut brackets = 0_i32;
    let mut braces = 0_i32;
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets -= 1,
            ';' if brackets == 0 && braces == 0 => return None,
            '{' => braces += 1,
            '}' => {
                braces -= 1;
                if braces == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[test]
fn comments_and_literals_are_blanked() {
    let cases = [
        ("a // fn b\nc", "a        \nc"),
        ("/* x /* y */ z */ a", "                  a"),
        (r#"a("fn \" {") b"#, "a(         ) b"),
        ("r#\"fn \" {\"# a", "            a"),
        ("br\"{\" a", "b     a"),
        ("r#fn a", "r#fn a"),
        ("'{' '\\'' 'a", "         'a"),
        ("fn f<'a>(x: &'a str)", "fn f<'a>(x: &'a str)"),
    ];
    for (text, expected) in cases {
        assert_eq!(code_only(text), expected, "{text}");
    }
}

#[test]
fn functions_are_found_and_measured() {
    let code = code_only(
        "trait T { fn a(&self) -> [u8; 2]; }\nfn b(f: fn(u8)) {\n    // }\n    g(\"}\")\n}\nfn c() {}",
    );
    let found: Vec<_> = functions(&code)
        .into_iter()
        .map(|f| (f.name, f.line, f.lines))
        .collect();
    assert_eq!(found, [("b".to_owned(), 2, 4), ("c".to_owned(), 6, 1)]);
}
