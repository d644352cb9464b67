//! The HTML of a mail: one column, no pictures, nothing loaded from elsewhere, readable in the dark.
//! The few styles stand inline, because mail programs drop style sheets.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Block, Button, Letter};

const SHEET: &str = "\
:root{color-scheme:light dark}\
@media(prefers-color-scheme:dark){\
body{background:#16181d!important;color:#e8eaed!important}\
.quiet,.quiet td{color:#a9afba!important}\
.line{border-color:#3a3f4a!important}\
a{color:#8ab4f8}\
a.button{background:#8ab4f8!important;color:#16181d!important}}\
pre,code{font-size:.95em}blockquote{margin:0 0 1em;padding-left:.9em;border-left:3px solid #9aa3b2}";

const BODY: &str = "margin:0;padding:24px 16px;background:#ffffff;color:#1c1f24;\
font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'PingFang SC','Microsoft YaHei','Noto Sans SC',sans-serif";
const COLUMN: &str = "max-width:36em;margin:0 auto;overflow-wrap:break-word";
const QUIET: &str = "color:#5b6270;font-size:14px";
const BUTTON: &str = "display:inline-block;margin:0 12px 12px 0;padding:11px 22px;border-radius:6px;\
background:#1a56c4;color:#ffffff;font-weight:600;text-decoration:none";
const LINE: &str = "border:0;border-top:1px solid #d5d9e0;margin:24px 0 16px";

/// The whole document.
pub(super) fn lay_out(letter: &Letter<'_>) -> String {
    let texts = letter.texts;
    let document = html! {
        (DOCTYPE)
        html lang=(texts.code) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="supported-color-schemes" content="light dark";
                title { (letter.subject) }
                style { (PreEscaped(SHEET)) }
            }
            body style=(BODY) {
                div style=(COLUMN) role="article" lang=(texts.code) {
                    @if let Some(case) = &letter.case_line {
                        p.quiet style=(QUIET) { (case) }
                    }
                    @for block in &letter.blocks { (self::block(block)) }
                    (facts(letter))
                    @if let Some(url) = &letter.open_case {
                        p { a.button href=(url) style=(BUTTON) { (texts.open_case) } }
                    }
                    (footer(letter))
                }
            }
        }
    };
    document.into_string()
}

fn block(block: &Block<'_>) -> Markup {
    match block {
        // Tamed when it was rendered.
        Block::Text(text) => PreEscaped(text.html.clone()),
        Block::Buttons(row) => html! {
            p style="margin:20px 0 8px" { @for button in row { (self::button(button)) } }
        },
    }
}

fn button(button: &Button<'_>) -> Markup {
    html! { a.button href=(button.url) style=(BUTTON) { (button.title) } " " }
}

fn facts(letter: &Letter<'_>) -> Markup {
    let answer_by = letter
        .answer_by
        .as_deref()
        .map(|at| (letter.texts.answer_by, at));
    let rows: Vec<(&str, &str)> = letter.facts.iter().copied().chain(answer_by).collect();
    html! {
        @if !rows.is_empty() {
            table style="border-collapse:collapse;margin:16px 0" {
                @for (label, value) in rows {
                    tr {
                        th scope="row" style="text-align:left;vertical-align:top;padding:3px 18px 3px 0;font-weight:600" {
                            (label)
                        }
                        td style="vertical-align:top;padding:3px 0" { (value) }
                    }
                }
            }
        }
    }
}

fn footer(letter: &Letter<'_>) -> Markup {
    let texts = letter.texts;
    html! {
        hr.line style=(LINE);
        @if letter.has_links { p.quiet style=(QUIET) { (texts.links) } }
        p.quiet style=(QUIET) {
            @if !letter.reason.is_empty() { (texts.why) (texts.colon) (letter.reason) br; }
            (texts.automatic)
        }
    }
}
