//! Markdown of a message's body → HTML and plain text for a mail. Not a general renderer: raw HTML is
//! shown as the text it is, pictures as their description, and links only lead to our own origin.

use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd, html};
use url::Url;

/// One piece of Markdown in both forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rendered {
    pub html: String,
    pub text: String,
}

/// Renders Markdown whose links may lead to the origin of `home`; any other link is written out.
pub(super) fn render(markdown: &str, home: &Url) -> Rendered {
    let events = tame(markdown, home);
    let mut text = PlainText::default();
    for event in &events {
        text.take(event);
    }
    let text = text.finish();
    let mut markup = String::new();
    html::push_html(&mut markup, events.into_iter());
    Rendered { html: markup, text }
}

/// Adds a link to a page of ours, whose title is plain text.
pub(super) fn link(markdown: &mut String, title: &str, url: &str) {
    markdown.push('[');
    for char in title.chars().filter(|char| !char.is_control()) {
        if char.is_ascii_punctuation() {
            markdown.push('\\');
        }
        markdown.push(char);
    }
    markdown.extend(["](<", url, ">)"]);
}

/// The events of the Markdown without anything that a mail must not do.
fn tame<'a>(markdown: &'a str, home: &Url) -> Vec<Event<'a>> {
    let mut events = Vec::new();
    // Where each open link leads, if it is to be written out, and where its text begins.
    let mut links: Vec<(Option<CowStr<'a>>, usize)> = Vec::new();
    for event in Parser::new(markdown) {
        match event {
            Event::Html(raw) | Event::InlineHtml(raw) => events.push(Event::Text(raw)),
            Event::Start(Tag::HtmlBlock) => events.push(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::HtmlBlock) => events.push(Event::End(TagEnd::Paragraph)),
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            Event::Start(Tag::Link { dest_url, .. }) if leads_home(&dest_url, home) => {
                links.push((None, events.len()));
                events.push(home_link(dest_url));
            }
            Event::Start(Tag::Link { dest_url, .. }) => links.push((Some(dest_url), events.len())),
            Event::End(TagEnd::Link) => match links.pop() {
                Some((Some(address), from)) => write_out(&mut events, &address, from),
                Some((None, _)) | None => events.push(event),
            },
            other => events.push(other),
        }
    }
    events
}

fn leads_home(address: &str, home: &Url) -> bool {
    Url::parse(address).is_ok_and(|url| url.origin() == home.origin() && url.username().is_empty())
}

fn home_link(dest_url: CowStr<'_>) -> Event<'_> {
    let (title, id) = (CowStr::Borrowed(""), CowStr::Borrowed(""));
    Event::Start(Tag::Link {
        link_type: pulldown_cmark::LinkType::Inline,
        dest_url,
        title,
        id,
    })
}

/// Puts the address behind the link's text, unless the text is the address.
fn write_out(events: &mut Vec<Event<'_>>, address: &str, from: usize) {
    let is_the_text = match &events[from..] {
        [Event::Text(text)] => **text == *address || format!("mailto:{text}") == address,
        _ => false,
    };
    if !is_the_text {
        events.push(Event::Text(format!(" ({address})").into()));
    }
}

/// Writes events as plain text. Each open quote or list item has a buffer of its own, so that its
/// lines can be marked when it closes.
#[derive(Default)]
struct PlainText<'a> {
    done: String,
    open: Vec<(String, Mark)>,
    lists: Vec<Option<u64>>,
    link: Option<&'a str>,
}

enum Mark {
    Quote,
    Item(String),
}

impl<'a> PlainText<'a> {
    fn take(&mut self, event: &'a Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) => self.push(text),
            Event::SoftBreak | Event::HardBreak => self.push("\n"),
            Event::Rule => self.push("----\n\n"),
            Event::Start(Tag::Link { dest_url, .. }) => self.link = Some(dest_url),
            Event::End(TagEnd::Link) => self.address(),
            Event::Start(Tag::List(first)) => self.begin_list(*first),
            Event::End(TagEnd::List(_)) => {
                self.lists.pop();
                self.blank_line();
            }
            Event::Start(Tag::Item) => self.begin_item(),
            Event::Start(Tag::BlockQuote(_)) => {
                self.blank_line();
                self.open.push((String::new(), Mark::Quote));
            }
            Event::End(TagEnd::Item | TagEnd::BlockQuote(_)) => self.close(),
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::CodeBlock(_))
            | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock) => {
                self.blank_line();
            }
            // Emphasis has no sign in plain text, and all other extensions are off.
            _ => {}
        }
    }

    fn buffer(&mut self) -> &mut String {
        match self.open.last_mut() {
            Some((buffer, _)) => buffer,
            None => &mut self.done,
        }
    }

    fn push(&mut self, text: &str) {
        self.buffer().push_str(text);
    }

    fn blank_line(&mut self) {
        let buffer = self.buffer();
        let kept = buffer.trim_end_matches('\n').len();
        buffer.truncate(kept);
        if kept > 0 {
            buffer.push_str("\n\n");
        }
    }

    /// A list inside an item begins on the next line, any other after a blank one.
    fn begin_list(&mut self, first: Option<u64>) {
        let nested = !self.lists.is_empty();
        self.lists.push(first);
        let buffer = self.buffer();
        if nested && !buffer.is_empty() {
            buffer.truncate(buffer.trim_end_matches('\n').len());
            buffer.push('\n');
        }
    }

    fn begin_item(&mut self) {
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            Some(None) | None => "- ".to_owned(),
        };
        self.open.push((String::new(), Mark::Item(mark)));
    }

    fn close(&mut self) {
        let Some((inner, mark)) = self.open.pop() else {
            return;
        };
        let (first, rest) = match &mark {
            Mark::Quote => ("> ", "> ".to_owned()),
            Mark::Item(sign) => (sign.as_str(), " ".repeat(sign.len())),
        };
        let mut marked = String::new();
        for (index, line) in inner.trim_matches('\n').split('\n').enumerate() {
            marked.push_str(if index == 0 { first } else { &rest });
            marked.push_str(line);
            let kept = marked.trim_end().len();
            marked.truncate(kept);
            marked.push('\n');
        }
        self.push(&marked);
        if matches!(mark, Mark::Quote) {
            self.blank_line();
        }
    }

    /// Behind a link's text its address, unless that is the text.
    fn address(&mut self) {
        if let Some(address) = self.link.take()
            && !self.buffer().ends_with(address)
        {
            let behind = format!(" ({address})");
            self.push(&behind);
        }
    }

    fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.done.trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    fn rendered(markdown: &str) -> Rendered {
        render(markdown, &"https://approve.example/".parse().unwrap())
    }

    #[test]
    fn plain_text_keeps_the_shape_without_the_signs() {
        let table = [
            (
                "Dear **Li**,\n\nplease answer.",
                "Dear Li,\n\nplease answer.",
            ),
            ("# 标题\n正文", "标题\n\n正文"),
            (
                "- one\n- two\n  more\n\nafter",
                "- one\n- two\n  more\n\nafter",
            ),
            ("- one\n  - inner\n- two", "- one\n  - inner\n- two"),
            ("3. c\n4. d", "3. c\n4. d"),
            (
                "before\n\n> said\n> this\n\nafter",
                "before\n\n> said\n> this\n\nafter",
            ),
            ("a  \nb", "a\nb"),
            ("use `x < y`", "use x < y"),
            ("---", "----"),
            ("1 &lt; 2 \\*not\\*", "1 < 2 *not*"),
            ("", ""),
        ];
        for (markdown, text) in table {
            assert_eq!(rendered(markdown).text, text, "{markdown:?}");
        }
    }

    #[test]
    fn only_links_to_our_own_origin_are_links() {
        let own = rendered("[the case](https://approve.example/cases/DR-1)");
        assert_eq!(
            own.html,
            "<p><a href=\"https://approve.example/cases/DR-1\">the case</a></p>\n"
        );
        assert_eq!(own.text, "the case (https://approve.example/cases/DR-1)");
        let bare = rendered("See <https://approve.example/cases/DR-1>.");
        assert_eq!(bare.text, "See https://approve.example/cases/DR-1.");
        for elsewhere in [
            "https://evil.example/",
            "http://approve.example/",
            "https://approve.example.evil.example/",
            "https://approve.example@evil.example/",
            "https://user@approve.example/",
            "//evil.example/",
            "javascript:alert(1)",
            "data:text/html;base64,PHNjcmlwdD4=",
            "/cases/DR-1",
        ] {
            let out = rendered(&format!("[click]({elsewhere})"));
            assert!(!out.html.contains("<a"), "{}", out.html);
            assert_eq!(out.text, format!("click ({elsewhere})"));
        }
    }

    #[test]
    fn nothing_that_people_write_becomes_markup() {
        let corpus = [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "<svg/onload=alert(1)>",
            "<style>p{display:none}</style>",
            "<!-- --><b>bold</b>",
            "<div>\n<iframe src=\"https://evil.example\"></iframe>\n</div>",
            "![pixel](https://evil.example/pixel.gif)",
            "[x]: javascript:alert(1)\n[x]",
            "<javascript:alert(1)>",
            "&#60;script&#62;alert(1)&#60;/script&#62;",
            "```html\n<script>alert(1)</script>\n```",
            "<a href=\"https://evil.example\">x</a>",
            "![a ![b](c)](d) [![i](j)](k)",
        ];
        for attack in corpus {
            let out = rendered(attack).html;
            let tags: Vec<&str> = out.split('<').skip(1).collect();
            let harmless = ["p>", "/p>", "pre>", "/pre>", "code", "/code>", "br />"];
            for tag in tags {
                assert!(
                    harmless.iter().any(|start| tag.starts_with(start)),
                    "{attack:?} gave {out:?}"
                );
            }
        }
    }

    #[test]
    fn raw_html_is_shown_as_the_text_it_is() {
        assert_eq!(
            rendered("a <b>c</b>").html,
            "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n"
        );
        assert_eq!(rendered("a <b>c</b>").text, "a <b>c</b>");
    }
}
