//! A small bar plot: how many cases stand in each state. Its rows are a table, so that the same is read without seeing it.

use countersign_core::text::Language;
use maud::{Markup, html};

use crate::page::say;

/// Width of the longest bar.
const WIDE: u64 = 160;
/// Height of a bar.
const HIGH: u64 = 14;

/// One bar: all cases, and those of them that are late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    /// All.
    pub cases: u64,
    /// The late ones.
    pub late: u64,
    /// What the longest bar of the page stands for.
    pub most: u64,
}

impl Bar {
    /// Drawn: whatever there is can be seen, be it ever so few.
    pub fn draw(self, language: Language) -> Markup {
        let (all, late) = (self.length(self.cases), self.length(self.late));
        let told = match language {
            Language::En if self.cases == 1 => format!("1 case, {} late", self.late),
            Language::En => format!("{} cases, {} late", self.cases, self.late),
            Language::Zh => format!("{} 件，逾期 {} 件", self.cases, self.late),
        };
        html! {
            svg.bar role="img" aria-label=(told) width=(WIDE) height=(HIGH) viewBox={ "0 0 " (WIDE) " " (HIGH) } {
                rect.all width=(all) height=(HIGH) rx="3" {}
                @if self.late > 0 { rect.late width=(late.min(all)) height=(HIGH) rx="3" {} }
            }
        }
    }

    fn length(self, cases: u64) -> u64 {
        if cases == 0 {
            return 0;
        }
        let length = u128::from(cases) * u128::from(WIDE) / u128::from(self.most.max(1));
        u64::try_from(length).unwrap_or(WIDE).clamp(3, WIDE)
    }
}

/// What the colours mean.
pub fn legend(language: Language) -> Markup {
    html! {
        p.legend aria-hidden="true" {
            span { svg.bar width="14" height="14" { rect.all width="14" height="14" rx="3" {} } (say(language, "in time", "未逾期")) }
            span { svg.bar width="14" height="14" { rect.late width="14" height="14" rx="3" {} } (say(language, "late", "已逾期")) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_share_and_never_invisible() {
        let bar = |cases, late, most| Bar { cases, late, most };
        let drawn = |bar: Bar| bar.draw(Language::En).into_string();
        assert!(drawn(bar(50, 0, 100)).contains(r#"class="all" width="80""#));
        let few = drawn(bar(1, 1, 1_000_000));
        assert!(
            few.contains(r#"class="all" width="3""#) && few.contains(r#"class="late" width="3""#)
        );
        assert!(few.contains(r#"aria-label="1 case, 1 late""#), "{few}");
        assert_eq!(bar(0, 0, 0).length(0), 0);
        assert_eq!(bar(u64::MAX, 0, u64::MAX).length(u64::MAX), WIDE);
        let chinese = bar(3, 1, 3).draw(Language::Zh).into_string();
        assert!(chinese.contains("3 件，逾期 1 件"));
    }
}
