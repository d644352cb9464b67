//! The HTML of a mail: one column of tables, no pictures, nothing loaded from elsewhere, readable in the dark. What must
//! hold stands inline, because mail programs drop style sheets; the sheet only turns colours over in the dark.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Block, Button, Letter};

const SHEET: &str = "\
:root{color-scheme:light dark;supported-color-schemes:light dark}\
.text p{margin:0 0 14px}.text ul,.text ol{margin:0 0 14px;padding-left:22px}.text li{margin:0 0 6px}\
.text h2{margin:0 0 14px}.text a{color:#1a56c4}\
@media(max-width:480px){.inner{padding:22px 18px!important}.button{width:100%!important}.button a{display:block!important;text-align:center!important}\
.facts th,.facts td{display:block!important;width:auto!important}.facts th{padding:6px 0 0!important}.facts td{padding:0 0 4px!important}}\
@media(prefers-color-scheme:dark){\
.page{background:#101216!important}\
.card{background:#1b1e24!important;border-color:#333944!important}\
.inner,.inner p,.inner td,.inner li,.inner h2{color:#e8eaed!important}\
.quiet,.inner .quiet,.inner .quiet td,.inner .quiet p{color:#a9afba!important}\
.line{border-color:#333944!important}\
.box{background:#262b34!important}\
.inner a{color:#8ab4f8!important}\
.button td{background:#8ab4f8!important}\
.inner .button a{color:#101216!important}\
.inner .second td{background:transparent!important;border-color:#8ab4f8!important}\
.inner .second a{color:#8ab4f8!important}}\
pre,code{font-size:.95em}blockquote{margin:0 0 1em;padding-left:.9em;border-left:3px solid #9aa3b2}";

const FONT: &str = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'PingFang SC','Microsoft YaHei',\
'Noto Sans CJK SC','Noto Sans SC',sans-serif";
const CARD: &str = "width:100%;max-width:600px;background:#ffffff;border:1px solid #e1e4ea;border-radius:10px;\
border-collapse:separate";
const INNER: &str = "padding:28px 32px;text-align:left;color:#1c1f24;font-size:16px;line-height:1.55;\
overflow-wrap:break-word;word-break:break-word";
const CASE: &str = "margin:0 0 10px;color:#5b6270;font-size:14px";
const LEAD: &str = "font-size:18px;line-height:1.45";
const QUIET: &str = "margin:0 0 6px;color:#5b6270;font-size:13px;line-height:1.5";
const HEADING: &str = "margin:0 0 6px;font-size:14px;font-weight:600;line-height:1.4;color:#1c1f24";
const FACTS: &str = "width:100%;border-collapse:collapse;margin:4px 0 18px";
const LABEL: &str = "text-align:left;vertical-align:top;padding:5px 16px 5px 0;font-weight:400;font-size:15px;\
color:#5b6270;width:40%;word-break:normal";
const VALUE: &str = "vertical-align:top;padding:5px 0;font-size:15px;font-weight:600;color:#1c1f24";
const BOX: &str =
    "width:100%;background:#f3f5f8;border-radius:8px;border-collapse:separate;margin:0 0 18px";
const BUTTON: &str = "display:inline-block;padding:12px 26px;color:#ffffff;font-size:16px;font-weight:600;\
line-height:1.3;text-decoration:none;border-radius:8px";
const SECOND: &str = "display:inline-block;padding:10px 24px;color:#1a56c4;font-size:16px;font-weight:600;\
line-height:1.3;text-decoration:none;border-radius:8px";
const LINE: &str = "border:0;border-top:1px solid #e1e4ea;margin:22px 0 14px";

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
            body.page style="margin:0;padding:0;background:#f0f2f5" {
                (table("page", "width:100%;background:#f0f2f5;border-collapse:collapse", &html! {
                    tr { td align="center" style="padding:20px 10px" {
                        (table("card", CARD, &html! {
                            tr { td.inner style=(format!("{INNER};{FONT}")) {
                                div role="article" lang=(texts.code) { (inside(letter)) }
                            } }
                        }))
                    } }
                }))
            }
        }
    };
    document.into_string()
}

/// A table that only holds its place.
fn table(class: &str, style: &str, rows: &Markup) -> Markup {
    html! {
        table class=(class) role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style=(style) {
            (rows)
        }
    }
}

fn inside(letter: &Letter<'_>) -> Markup {
    html! {
        @if let Some(case) = &letter.case_line { p.quiet style=(CASE) { (case) } }
        @if let Some(lead) = &letter.lead {
            // Tamed when it was rendered.
            div.text style=(LEAD) { (PreEscaped(&lead.html)) }
        }
        @for block in &letter.blocks { (self::block(block)) }
        (facts(letter))
        (since(letter))
        (due(letter))
        @if !letter.buttons.is_empty() { (buttons(&letter.buttons)) }
        @if let Some(url) = &letter.open_case { (button(letter.texts.open_case, url)) }
        (footer(letter))
    }
}

fn block(block: &Block<'_>) -> Markup {
    match block {
        Block::Text(text) => html! { div.text { (PreEscaped(&text.html)) } },
        Block::Buttons(row) => buttons(row),
    }
}

fn buttons(row: &[Button<'_>]) -> Markup {
    html! {
        @for (at, each) in row.iter().enumerate() {
            @if at == 0 { (button(each.title, &each.url)) } @else { (second(each.title, &each.url)) }
        }
    }
}

/// One beside the one that is asked for: it is there and does not call.
fn second(title: &str, url: &str) -> Markup {
    html! {
        table.button.second role="presentation" cellpadding="0" cellspacing="0" border="0"
            style="border-collapse:separate;margin:0 0 12px" {
            tr { td style="border:2px solid #1a56c4;border-radius:8px" {
                a href=(url) style=(SECOND) { (title) }
            } }
        }
    }
}

/// A cell with a colour of its own, for programs that know no padding on links.
fn button(title: &str, url: &str) -> Markup {
    html! {
        table.button role="presentation" cellpadding="0" cellspacing="0" border="0"
            style="border-collapse:separate;margin:0 0 12px" {
            tr { td bgcolor="#1a56c4" style="background:#1a56c4;border-radius:8px" {
                a href=(url) style=(BUTTON) { (title) }
            } }
        }
    }
}

fn facts(letter: &Letter<'_>) -> Markup {
    html! {
        @if !letter.facts.is_empty() {
            table.facts style=(FACTS) {
                @for (label, value) in &letter.facts {
                    tr {
                        th.quiet scope="row" style=(LABEL) { (label) }
                        td style=(VALUE) { (value) }
                    }
                }
            }
        }
    }
}

fn since(letter: &Letter<'_>) -> Markup {
    html! {
        @if !letter.since.is_empty() {
            h2 style=(HEADING) { (letter.texts.since) }
            ul style="margin:0 0 18px;padding-left:20px;font-size:15px" {
                @for line in letter.since { li style="margin:0 0 4px" { (line) } }
            }
        }
    }
}

fn due(letter: &Letter<'_>) -> Markup {
    html! {
        @if letter.due().is_some() || !letter.otherwise.is_empty() {
            (table("box", BOX, &html! {
                tr { td style="padding:12px 16px;font-size:15px;line-height:1.5" {
                    @if let Some((label, at)) = letter.due() {
                        p style="margin:0" { (label) (letter.texts.colon) strong { (at) } }
                    }
                    @if !letter.otherwise.is_empty() {
                        p.quiet style="margin:2px 0 0;color:#5b6270;font-size:14px" { (letter.otherwise) }
                    }
                } }
            }))
        }
    }
}

fn footer(letter: &Letter<'_>) -> Markup {
    let texts = letter.texts;
    html! {
        hr.line style=(LINE);
        @if letter.has_links { p.quiet style=(QUIET) { (texts.links) } }
        @if !letter.reason.is_empty() {
            p.quiet style=(QUIET) { (texts.why) (texts.colon) (letter.reason) }
        }
        p.quiet style=(QUIET) {
            @if let Some(url) = &letter.settings {
                a href=(url) style="color:#1a56c4" { (texts.settings) } " · "
            }
            (texts.automatic)
        }
    }
}
