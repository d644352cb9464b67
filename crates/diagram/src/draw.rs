//! The three ways to show a workflow. Each of them is total: what can be loaded can be drawn.

use std::collections::BTreeMap;

use crate::{CaseMark, layout, mermaid as chart, read, svg as drawing, words};
use countersign_core::{text::Language, workflow::Workflow};

/// An SVG document, complete in itself: nested states as boxes, ends by shape and sign, timers with a clock.
///
/// With a case, its state has a thick border and "you are here", and the way it took is solid and thick. The title
/// and description are for those who cannot see it. Texts are escaped; nothing in it runs or loads anything.
pub fn svg(workflow: &Workflow, language: Language, case: Option<&CaseMark>) -> String {
    let picture = read::read(workflow, language, case);
    drawing::draw(&picture, &layout::lay_out(&picture))
}

/// The same with how many cases stand in each state now, by its path, on the corner of the state. Whoever shows it tells the
/// counts in words too.
pub fn svg_with_counts(
    workflow: &Workflow,
    language: Language,
    counts: &BTreeMap<String, u64>,
) -> String {
    let mut picture = read::read(workflow, language, None);
    let states = workflow.states.iter();
    picture.counts = states
        .filter_map(|state| Some((state.id.index(), *counts.get(state.path.as_str())?)))
        .collect();
    drawing::draw(&picture, &layout::lay_out(&picture))
}

/// A Mermaid `stateDiagram-v2`, which GitHub and many editors draw.
pub fn mermaid(workflow: &Workflow, language: Language) -> String {
    chart::write(&read::read(workflow, language, None))
}

/// The same in words: with a case the way it took and where it is, otherwise every state and where it leads.
pub fn in_words(workflow: &Workflow, language: Language, case: Option<&CaseMark>) -> String {
    match case {
        Some(case) => words::way(workflow, language, case),
        None => words::whole(&read::ways_of_all(workflow, language), workflow, language),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::in_sentences;
    use crate::quality::faults;
    use crate::samples::{case, random_picture, workflow};

    fn count(text: &str, part: &str) -> usize {
        text.matches(part).count()
    }

    #[test]
    fn counts_stand_at_their_states_and_change_nothing_else() {
        let workflow = workflow();
        let first = workflow.states.iter().next().expect("it has states");
        let counts = BTreeMap::from([(first.path.to_string(), 1234), ("gone".to_owned(), 7)]);
        let with = svg_with_counts(&workflow, Language::En, &counts);
        assert_eq!(count(&with, r#"data-count="1234""#), 1);
        assert_eq!(count(&with, "data-count"), 1);
        let pill = with.find("<g data-count").expect("it is there");
        let behind = with[pill..].find("</g>\n").expect("it ends") + pill + "</g>\n".len();
        let without = format!("{}{}", &with[..pill], &with[behind..]);
        assert_eq!(without, svg(&workflow, Language::En, None));
    }

    #[test]
    fn every_state_and_every_way_is_drawn_once() {
        let workflow = workflow();
        for language in Language::ALL {
            let svg = svg(&workflow, language, None);
            for state in workflow.states.iter() {
                assert_eq!(
                    count(&svg, &format!("data-state=\"{}\"", state.path)),
                    1,
                    "{}",
                    state.path
                );
            }
            for way in read::ways_of_all(&workflow, language) {
                let words = way.text.split_whitespace().next().unwrap_or_default();
                assert!(
                    svg.contains(&crate::text::escape(words)),
                    "{} is missing",
                    way.text
                );
            }
            // Two ways from draft to withdrawn share an arrow; the clock tells the timer.
            let arrows = read::read(&workflow, language, None).arrows.len();
            assert_eq!(count(&svg, "<path class=\"cs-clock\""), 3);
            assert_eq!(
                count(&svg, "class=\"cs-way\""),
                arrows + 2,
                "with the way in and the start inside"
            );
        }
    }

    #[test]
    fn nothing_overlaps_and_nothing_leaves_the_page() {
        let (workflow, case) = (workflow(), case());
        for language in Language::ALL {
            for case in [None, Some(&case)] {
                let picture = read::read(&workflow, language, case);
                assert_eq!(
                    faults(&picture, &layout::lay_out(&picture)),
                    Vec::<String>::new()
                );
            }
        }
    }

    #[test]
    fn nothing_is_wrong_with_random_pictures() {
        for seed in 1..=60 {
            let picture = random_picture(seed);
            let mut faults = faults(&picture, &layout::lay_out(&picture));
            // Where no order of lanes keeps two ways apart: never so far in what is shipped.
            faults.retain(|fault| !fault.contains("runs along"));
            assert!(faults.is_empty(), "seed {seed}: {faults:?}");
            chart::write(&picture);
        }
    }

    #[test]
    fn texts_are_escaped() {
        let drawn = svg(&workflow(), Language::En, None);
        assert!(drawn.contains("<title>Evaluation &amp; sign-off</title>"));
        assert!(!drawn.contains("<b>") && drawn.contains("Expert &lt;b&gt;&amp;"));
        let chart = mermaid(&workflow(), Language::En);
        assert!(
            chart.contains("\"Expert #60;b#62;#38;#34;review#34;\""),
            "{chart}"
        );
    }

    #[test]
    fn the_same_workflow_is_drawn_the_same() {
        let (workflow, case) = (workflow(), case());
        assert_eq!(
            svg(&workflow, Language::Zh, Some(&case)),
            svg(&workflow, Language::Zh, Some(&case))
        );
    }

    #[test]
    fn a_case_is_marked_where_it_is_and_where_it_went() {
        let (workflow, case) = (workflow(), case());
        let picture = read::read(&workflow, Language::En, Some(&case));
        let title = |at: usize| picture.states[at].title.as_str();
        let taken = picture.arrows.iter().filter(|arrow| arrow.taken);
        let taken: Vec<_> = taken
            .map(|arrow| (title(arrow.from), title(arrow.to)))
            .collect();
        assert_eq!(
            taken,
            [
                ("Draft", "Under evaluation"),
                ("Expert <b>&\"review\"", "Manager sign-off"),
                ("Manager sign-off", "Changes requested"),
                ("Changes requested", "Under evaluation"),
            ]
        );
        for (language, here) in [(Language::En, "you are here"), (Language::Zh, "当前")] {
            let svg = svg(&workflow, language, Some(&case));
            assert_eq!(count(&svg, &format!(">{here}</text>")), 1);
            assert_eq!(count(&svg, "cs-state cs-here"), 1);
            assert_eq!(
                count(&svg, "cs-outer cs-here"),
                1,
                "the state around it is marked too"
            );
            assert!(
                svg.contains("stroke-dasharray"),
                "ways not taken are dashed"
            );
        }
        assert_eq!(count(&svg(&workflow, Language::En, None), "cs-here\""), 0);
    }

    #[test]
    fn the_way_and_the_workflow_can_be_told_in_words() {
        let (workflow, case) = (workflow(), case());
        assert_eq!(
            in_words(&workflow, Language::En, Some(&case)),
            "Draft → Expert <b>&\"review\" (Submit) → Manager sign-off (Recommend) → Changes requested (Request changes) \
             → Manager sign-off (Resubmit). You are here: Manager sign-off."
        );
        let whole = in_words(&workflow, Language::Zh, None);
        assert!(
            whole.starts_with(
                "草稿：提交 → 评估中；放弃 → 已撤回；90 天后 → 已撤回。评估中：→ 专家<评审>；"
            ),
            "{whole}"
        );
        assert!(
            whole.ends_with("评估未通过：未通过结束。已撤回：结束。"),
            "{whole}"
        );
    }

    #[test]
    fn a_workflow_is_told_in_whole_sentences_one_state_after_the_other() {
        let said = in_sentences(&workflow(), Language::En);
        let draft = &said[0];
        assert_eq!(draft.title, "Draft");
        assert!(
            draft.sentences[0].contains(" may take “Submit”, which leads to “"),
            "{draft:?}"
        );
        assert_eq!(
            draft.sentences[2],
            "By itself (after 90 days) it goes on to “Withdrawn”."
        );
        let last = said.last().expect("a state");
        assert_eq!(last.sentences, ["The case ends here."]);
        let said = in_sentences(&workflow(), Language::Zh);
        assert_eq!(said[0].sentences[2], "系统自动（90 天后）进入“已撤回”。");
        for state in said {
            assert!(!state.sentences.is_empty(), "{}", state.title);
            for sentence in state.sentences {
                assert!(sentence.ends_with('。'), "{sentence}");
                assert!(!sentence.contains('→'), "{sentence}");
            }
        }
    }

    #[test]
    fn a_long_condition_is_told_in_full_beside_its_label() {
        let workflow = workflow();
        for (language, short) in [(Language::En, "[if …]"), (Language::Zh, "[符合条件]")] {
            let svg = svg(&workflow, language, None);
            assert!(svg.contains(short), "{language}");
            let whole = "case.round &lt; 2 &amp;&amp; case.title != &#39;Renewal&#39;";
            assert!(
                svg.contains(&format!("<title>{whole}</title>")),
                "{language}"
            );
            let words = in_words(&workflow, language, None);
            assert!(
                words.contains("[case.round < 2 && case.title != 'Renewal']"),
                "{words}"
            );
        }
    }

    #[test]
    fn mermaid_says_what_it_can() {
        let chart = mermaid(&workflow(), Language::En);
        for line in [
            "stateDiagram-v2",
            "    state \"Under evaluation\" as evaluation {",
            "        [*] --> evaluation__expert_review",
            "    state \"✓ Passed\" as passed",
            "    [*] --> draft",
            "    draft --> withdrawn : Discard<br/>⏱ after 90 days",
            "    evaluation__expert_review --> failed : Recommend [if …]<br/>Do not recommend",
            "    evaluation__expert_review --> evaluation__sign_off : Recommend [otherwise]<br/>no decision",
            "    evaluation__sign_off --> evaluation__expert_review : Start over",
            "    changes_requested --> evaluation : Resubmit",
            "    class withdrawn neutral",
        ] {
            assert!(
                chart.lines().any(|written| written == line),
                "{line} is not in\n{chart}"
            );
        }
    }
}
