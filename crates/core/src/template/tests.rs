//! Texts filled in for readers.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use super::*;
use crate::calendar::Calendar;
use crate::expression::{CaseCall, Type, Value};
use crate::money::Money;
use crate::text::Text;
use crate::time;

const SHANGHAI: Zone = chrono_tz::Asia::Shanghai;

struct Facts(Calendar);

impl Bindings for Facts {
    fn get(&self, name: &str) -> Option<Value> {
        let value = match name {
            "deal" => Value::map([
                ("customer", Value::string("Northwind <b>")),
                ("amount", Value::Money(Money::parse("330000").unwrap())),
                (
                    "close_date",
                    Value::Date(time::date_from_text("2026-12-20").unwrap()),
                ),
                ("urgent", Value::Bool(true)),
                ("grade", Value::from(Text::new("Very good", "很好"))),
            ]),
            "due" => Value::Time(time::from_text("2026-11-26T01:00:00Z").unwrap()),
            "owner" => Value::person([
                ("id", Value::string("pat")),
                ("name", Value::string("Pat Lee")),
            ]),
            "tags" => Value::list([Value::string("a"), Value::string("b")]),
            _ => return None,
        };
        Some(value)
    }

    fn case_call(&self, _call: CaseCall, _argument: &str) -> Option<Value> {
        None
    }

    fn zone(&self) -> Zone {
        SHANGHAI
    }

    fn calendar(&self) -> &Calendar {
        &self.0
    }
}

fn scope() -> Scope {
    let deal = Type::record([
        ("customer", Type::String),
        ("amount", Type::Money),
        ("close_date", Type::Date),
        ("urgent", Type::Bool),
        ("grade", Type::Text),
        ("note?", Type::String),
    ]);
    Scope::new()
        .with("deal", deal)
        .with("due", Type::Time)
        .with("owner", Type::Person)
        .with("tags", Type::list(Type::String, 5))
}

fn rendered(text: &str, language: Language) -> Rendered {
    let template = Template::compile(text, &scope()).unwrap();
    template.render(&Facts(Calendar::default()), language, SHANGHAI)
}

#[test]
fn values_are_shown_in_the_readers_language() {
    let cases = [
        ("{{deal.customer}}!", "Northwind <b>!", "Northwind <b>!"),
        ("{{ deal.amount }}", "330,000.00", "330,000.00"),
        ("{{deal.close_date}}", "2026-12-20", "2026-12-20"),
        (
            "{{due}}",
            "Thu 26 Nov 2026 09:00 UTC+8",
            "2026-11-26（周四）09:00 UTC+8",
        ),
        ("{{deal.urgent}}", "yes", "是"),
        ("{{deal.grade}}", "Very good", "很好"),
        ("{{owner}}", "Pat Lee", "Pat Lee"),
        ("{{tags}}", "a, b", "a、b"),
        ("{{tags.size() + 1}}", "3", "3"),
        ("{{'a}}b'}} {{\"c\"}}", "a}}b c", "a}}b c"),
        (
            "您好，{{owner.name}}：{{due}}",
            "您好，Pat Lee：Thu 26 Nov 2026 09:00 UTC+8",
            "您好，Pat Lee：2026-11-26（周四）09:00 UTC+8",
        ),
        (
            "no placeholder } here",
            "no placeholder } here",
            "no placeholder } here",
        ),
    ];
    for (text, en, zh) in cases {
        assert_eq!(rendered(text, Language::En).text(), en, "{text}");
        assert_eq!(rendered(text, Language::Zh).text(), zh, "{text}");
    }
}

#[test]
fn moments_are_shown_on_the_readers_own_clock() {
    let template = Template::compile("{{due}}", &scope()).unwrap();
    let bindings = Facts(Calendar::default());
    let shown = template.render(&bindings, Language::En, chrono_tz::Europe::Berlin);
    assert_eq!(shown.text(), "Thu 26 Nov 2026 02:00 UTC+1");
}

#[test]
fn what_fails_is_a_dash_and_is_reported() {
    let shown = rendered("Note: {{deal.note}}.", Language::En);
    assert_eq!(shown.text(), "Note: –.");
    assert_eq!(shown.failures, [Failure::new("`deal.note` is absent")]);
}

#[test]
fn a_button_is_a_part_of_its_own() {
    let shown = rendered("Yes: {{button.accept}}", Language::En);
    assert_eq!(
        shown.parts,
        [
            Part::Literal("Yes: ".to_owned()),
            Part::Button("accept".to_owned())
        ]
    );
    let template = Template::compile("{{button.accept}} {{ button.decline }}", &scope()).unwrap();
    let buttons: Vec<&str> = template.buttons().collect();
    assert_eq!(buttons, ["accept", "decline"]);
}

#[test]
fn values_are_kept_apart_from_what_the_author_wrote() {
    let shown = rendered("**{{deal.customer}}**", Language::En);
    assert_eq!(
        shown.parts,
        [
            Part::Literal("**".to_owned()),
            Part::Value("Northwind <b>".to_owned()),
            Part::Literal("**".to_owned())
        ]
    );
}

#[test]
fn problems_are_located_in_the_whole_text() {
    let cases = [
        ("您好 {{ dael.customer }}", "E301", "dael"),
        ("{{deal.customer}} and {{deal.custmer}}", "E302", "custmer"),
        ("{{deal.amount == 'x'}}", "E307", "'x'"),
        ("{{deal}} ", "E308", "deal"),
        ("Hello {{deal.customer", "E300", "{{"),
        ("{{button.Accept}}", "E302", "button.Accept"),
        ("a {{ 'x }} b", "E300", "'x"),
    ];
    for (text, code, place) in cases {
        let problems = Template::compile(text, &scope()).unwrap_err();
        let problem = &problems[0];
        assert_eq!(problem.code, code, "{text}: {problem:?}");
        let marked = &text[problem.start..problem.end];
        assert!(marked == place || code == "E307", "{text} marks {marked:?}");
    }
}

#[test]
fn all_problems_of_a_text_are_reported_at_once() {
    let problems = Template::compile("{{a}} {{b}} {{deal.x}}", &scope()).unwrap_err();
    assert_eq!(problems.len(), 3);
}
