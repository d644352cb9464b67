//! Is it an expression at all? Looks the tokens through before the CEL parser sees them.
//!
//! The parser of the `cel` crate repairs what it does not understand, with a stack and a time that malformed input
//! can drive very high, and speaks of tokens that were expected. So only what is well-formed and of modest size gets
//! there, and what is not is explained in the words of this language.

use cel::common::ast::{IdedExpr, SourceInfo};
use cel::parser::{Parser, PrattParser};

use super::problem::Problem;
use super::tokens::{Kind, Token, tokens};
use crate::name::RESERVED_BY_CEL;

/// Characters that an expression has at most.
pub(super) const LONGEST: usize = 1_000;

/// Parts (names, values, calls, operators) that an expression has at most.
pub(super) const MOST_PARTS: usize = 200;

/// How deep brackets may be nested.
const DEEPEST: usize = 8;

/// How many `? :` may follow each other.
const MOST_CHOICES: usize = 24;

/// A parsed expression.
pub(super) struct Parsed<'a> {
    pub root: IdedExpr,
    /// Where its parts stand; nothing, if it was parsed without.
    pub places: SourceInfo,
    pub tokens: Vec<Token<'a>>,
}

/// A source that is well-formed, and no larger than it may be.
pub(super) struct WellFormed<'a> {
    source: &'a str,
    tokens: Vec<Token<'a>>,
}

/// How far into itself an expression may be parsed.
const RECURSION: u16 = 64;

pub(super) fn read(source: &str) -> Result<WellFormed<'_>, Problem> {
    let length = source.chars().count();
    if length > LONGEST {
        let message = format!("this expression has {length} characters; {LONGEST} are allowed");
        return Err(Problem::new("E306", (0, source.len()), message)
            .help("split it, for example into several rules"));
    }
    let tokens = tokens(source);
    let operands = tokens.iter().filter(|token| token.kind != Kind::Sign);
    if operands.count() > MOST_PARTS {
        return Err(too_many_parts(source));
    }
    Reader::new(source).read(&tokens)?;
    Ok(WellFormed { source, tokens })
}

impl<'a> WellFormed<'a> {
    /// Parsed by the crate's newer parser, which is faster and does not tell where anything stands:
    /// for expressions of which nothing has to be told.
    pub(super) fn parse_without_places(&self) -> Option<Parsed<'a>> {
        let parser = PrattParser::new()
            .max_recursion_depth(RECURSION)
            .error_recovery_limit(0);
        parser.parse(self.source).ok().map(|root| Parsed {
            root,
            places: SourceInfo::default(),
            tokens: self.tokens.clone(),
        })
    }

    /// Parsed by the crate's first parser, with the places of all parts.
    pub(super) fn parse(self) -> Result<Parsed<'a>, Problem> {
        let parser = Parser::new()
            .max_recursion_depth(RECURSION)
            .error_recovery_limit(0);
        match parser.parse_with_source_info(self.source) {
            Ok((root, places)) => Ok(Parsed {
                root,
                places,
                tokens: self.tokens,
            }),
            Err(errors) => Err(translated(self.source, &errors)),
        }
    }
}

pub(super) fn too_many_parts(source: &str) -> Problem {
    let message = format!("this expression has more than {MOST_PARTS} parts");
    Problem::new("E306", (0, source.len()), message)
        .help("split it, for example into several rules")
}

/// What the parser minds about well-formed input: numbers out of range, bad escapes, macros without a name.
fn translated(source: &str, errors: &cel::ParseErrors) -> Problem {
    let Some(first) = errors.errors.first() else {
        return Problem::new("E300", (0, source.len()), "this is not an expression");
    };
    let line = usize::try_from(first.pos.0).unwrap_or(1).max(1) - 1;
    let column = usize::try_from(first.pos.1).unwrap_or(1).max(1) - 1;
    let before: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    let here = source[before..].char_indices().nth(column);
    let start = here.map_or(source.len().saturating_sub(1), |(at, _)| before + at);
    let end = here.map_or(source.len(), |(at, c)| before + at + c.len_utf8());
    let message = first.msg.trim_start_matches("Syntax error: ");
    let message = match message {
        "invalid argument to has() macro" => "`has` asks for a field: `has(deal.note)`".to_owned(),
        "argument must be a simple name" => {
            "the first argument must be a new name: `list.exists(s, s.key)`".to_owned()
        }
        other => format!("this is not an expression: {other}"),
    };
    Problem::new("E300", (start, end), message)
}

/// What an open bracket or `?` still waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Group,
    Call,
    Index,
    List,
    /// A map, and whether the `:` of its current entry was seen.
    Map(bool),
    Choice,
}

struct Reader<'a> {
    source: &'a str,
    open: Vec<(Open, Token<'a>)>,
    choices: usize,
    /// Whether a value must come next, or has just been.
    wants_value: bool,
    previous: Option<Token<'a>>,
}

type Read = Result<(), Problem>;

impl<'a> Reader<'a> {
    fn new(source: &'a str) -> Self {
        Self {
            source,
            open: Vec::new(),
            choices: 0,
            wants_value: true,
            previous: None,
        }
    }

    fn read(mut self, tokens: &[Token<'a>]) -> Read {
        for &token in tokens {
            match token.kind {
                Kind::Stray => return Err(stray(&token)),
                Kind::OpenText => {
                    return Err(wrong(&token, "this text has no end")
                        .help("close it with the same quote that it begins with"));
                }
                Kind::Word | Kind::Number | Kind::Text => self.value(token)?,
                Kind::Sign if self.wants_value => self.sign_before_value(token)?,
                Kind::Sign => self.sign_after_value(token)?,
            }
            self.previous = Some(token);
        }
        self.end()
    }

    fn value(&mut self, token: Token<'a>) -> Read {
        let after_dot = self.previous.is_some_and(|previous| previous.is("."));
        if token.kind == Kind::Word && token.text == "in" && !self.wants_value {
            self.wants_value = true;
            return Ok(());
        }
        if !self.wants_value {
            return Err(two_values(&token));
        }
        if after_dot && token.kind != Kind::Word {
            return Err(wrong(&token, "the name of a field must come after `.`"));
        }
        if token.kind == Kind::Word {
            self.word(&token, after_dot)?;
        }
        self.wants_value = false;
        Ok(())
    }

    fn word(&self, token: &Token, after_dot: bool) -> Read {
        if token.text == "not" {
            return Err(wrong(token, "`not` is written `!`").help("write `!x`, or `x == false`"));
        }
        let literal = matches!(token.text, "true" | "false" | "null") && !after_dot;
        if RESERVED_BY_CEL.contains(&token.text) && !literal {
            let message = format!(
                "`{}` is a word that expressions keep for themselves",
                token.text
            );
            let previous = self.previous;
            let help = match token.text {
                "if" | "else" => "write `condition ? value : other value`",
                _ if previous.is_some() => "another name is needed here",
                _ => "a value must stand here",
            };
            return Err(wrong(token, message).help(help));
        }
        Ok(())
    }

    fn sign_before_value(&mut self, token: Token<'a>) -> Read {
        let previous = self.previous;
        let after = |sign: &str| previous.is_some_and(|previous| previous.is(sign));
        match token.text {
            _ if after(".") => Err(wrong(&token, "the name of a field must come after `.`")),
            "-" if after("!") => Err(wrong(
                &token,
                "`!` stands before a truth value, not a number",
            )),
            "!" if after("-") => Err(wrong(
                &token,
                "`-` stands before a number, not a truth value",
            )),
            "-" | "!" => Ok(()),
            "(" => self.opens(Open::Group, token),
            "[" => self.opens(Open::List, token),
            "{" => self.opens(Open::Map(false), token),
            ")" if after("(") && self.top() == Some(Open::Call) => self.closes(),
            "]" if (after("[") || after(",")) && self.top() == Some(Open::List) => self.closes(),
            "}" if (after("{") || after(",")) && self.top() == Some(Open::Map(false)) => {
                self.closes()
            }
            other => Err(wrong(
                &token,
                format!("a value is missing before `{other}`"),
            )),
        }
    }

    fn sign_after_value(&mut self, token: Token<'a>) -> Read {
        match (token.text, self.top()) {
            (".", _) => self.wants_value = true,
            ("(", _)
                if self
                    .previous
                    .is_some_and(|previous| previous.kind == Kind::Word) =>
            {
                return self.opens(Open::Call, token);
            }
            ("[", _) => return self.opens(Open::Index, token),
            ("?", top) => return self.choice(token, top),
            (":", Some(Open::Choice)) => {
                self.open.pop();
                self.wants_value = true;
            }
            (":", Some(Open::Map(false))) => {
                if let Some((open, _)) = self.open.last_mut() {
                    *open = Open::Map(true);
                }
                self.wants_value = true;
            }
            (",", Some(Open::Call | Open::List)) => self.wants_value = true,
            (",", Some(Open::Map(true))) => {
                if let Some((open, _)) = self.open.last_mut() {
                    *open = Open::Map(false);
                }
                self.wants_value = true;
            }
            (")", Some(Open::Group | Open::Call))
            | ("]", Some(Open::List | Open::Index))
            | ("}", Some(Open::Map(true))) => return self.closes(),
            ("(" | "{" | ":" | "," | ")" | "]" | "}" | "!", top) => {
                return Err(self.misplaced(&token, top));
            }
            // All that is left are operators between two values.
            _ => self.wants_value = true,
        }
        Ok(())
    }

    fn choice(&mut self, token: Token<'a>, top: Option<Open>) -> Read {
        self.choices += 1;
        if top == Some(Open::Choice) {
            return Err(wrong(&token, "a `? :` inside another one needs brackets")
                .help("write `a ? (b ? c : d) : e`"));
        }
        if self.choices > MOST_CHOICES {
            let message = format!("more than {MOST_CHOICES} `? :` in one expression");
            return Err(Problem::new("E306", (token.start, token.end()), message)
                .help("a decision table says this more clearly"));
        }
        self.open.push((Open::Choice, token));
        self.wants_value = true;
        Ok(())
    }

    fn opens(&mut self, open: Open, token: Token<'a>) -> Read {
        let depth = self
            .open
            .iter()
            .filter(|(open, _)| *open != Open::Choice)
            .count();
        if depth >= DEEPEST {
            let message = format!("brackets are nested more than {DEEPEST} deep");
            return Err(Problem::new("E306", (token.start, token.end()), message)
                .help("split the expression, for example into several rules"));
        }
        self.open.push((open, token));
        self.wants_value = true;
        Ok(())
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "so that every sign is answered alike"
    )]
    fn closes(&mut self) -> Read {
        self.open.pop();
        self.wants_value = false;
        Ok(())
    }

    fn top(&self) -> Option<Open> {
        self.open.last().map(|(open, _)| *open)
    }

    fn misplaced(&self, token: &Token, top: Option<Open>) -> Problem {
        match (token.text, top) {
            ("!", _) => wrong(token, "`!` cannot stand behind a value").help("`!=` compares"),
            (")" | "]" | "}" | ",", Some(Open::Choice)) => {
                let question = self.open.last().map_or(*token, |(_, question)| *question);
                wrong(&question, "this `?` has no `:`")
                    .help("write `condition ? value : other value`")
            }
            (")" | "]" | "}", _) => wrong(token, format!("this `{}` closes nothing", token.text)),
            (":", _) => wrong(token, "this `:` has no `?` before it"),
            (",", _) => wrong(
                token,
                "a `,` stands only between the arguments of a function and in lists",
            ),
            (other, _) => wrong(token, format!("`{other}` cannot stand here"))
                .help("an operator such as `&&` may be missing"),
        }
    }

    fn end(&self) -> Read {
        let end = self.source.len();
        if self.wants_value {
            let message = match self.previous {
                None => "an expression is missing".to_owned(),
                Some(previous) => format!("a value is missing behind `{}`", previous.text),
            };
            let start = self.previous.map_or(0, |previous| previous.start);
            return Err(Problem::new("E300", (start, end), message));
        }
        match self.open.last() {
            None => Ok(()),
            Some((Open::Choice, token)) => {
                Err(wrong(token, "this `?` has no `:`")
                    .help("write `condition ? value : other value`"))
            }
            Some((_, token)) => Err(wrong(
                token,
                format!("this `{}` is never closed", token.text),
            )),
        }
    }
}

fn wrong(token: &Token, message: impl Into<String>) -> Problem {
    Problem::new("E300", (token.start, token.end()), message)
}

fn stray(token: &Token) -> Problem {
    let (message, help) = match token.text {
        "=" => (
            "`=` alone compares nothing".to_owned(),
            "write `==` to compare",
        ),
        "&" => ("`&` alone joins nothing".to_owned(), "write `&&` for and"),
        "|" => ("`|` alone joins nothing".to_owned(), "write `||` for or"),
        other => (
            format!("`{}` has no meaning here", other.escape_debug()),
            "names have only letters, digits and `_`; texts stand in quotes",
        ),
    };
    wrong(token, message).help(help)
}

fn two_values(token: &Token) -> Problem {
    match token.text {
        "and" => wrong(token, "`and` is written `&&`").help("write `&&` for and, `||` for or"),
        "or" => wrong(token, "`or` is written `||`").help("write `&&` for and, `||` for or"),
        "is" => wrong(token, "`is` is written `==`").help("write `==` to compare"),
        "not" => wrong(token, "`not` is written `!`").help("write `!(x in list)`"),
        "second" | "seconds" | "minute" | "minutes" | "hour" | "hours" | "day" | "days"
        | "week" | "weeks" | "month" | "months" | "year" | "years" | "business" => wrong(
            token,
            "a length of time stands in quotes, and only `add` reckons with it",
        )
        .help("write `add(today, \"7 days\")`, or `add(today, \"-7 days\")` to go back"),
        _ => wrong(token, "two values follow each other")
            .help("an operator such as `&&` may be missing"),
    }
}
