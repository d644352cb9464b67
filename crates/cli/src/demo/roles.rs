//! What the demo's people do, for whoever chooses to be one of them.

use countersign_core::text::Text;
use countersign_web::DemoPerson;

use super::people::{PARTNERS, PEOPLE};

/// Groups, and what their members do.
const DOES: [(&str, &str, &str); 11] = [
    ("deal_reviewers", "decides on deals", "评审项目报备"),
    ("acceptance_reviewers", "accepts deliveries", "验收"),
    ("sow_experts", "scores statements of work", "评估 SOW 方案"),
    ("sow_managers", "signs statements of work", "签批 SOW 方案"),
    (
        "psa",
        "helps partners with statements of work",
        "解决方案支持",
    ),
    (
        "incentive_reviewers",
        "decides on incentives",
        "评审激励申请",
    ),
    ("finance", "pays incentives", "支付激励"),
    ("administrators", "invites people", "管理员，发送邀请"),
    ("operators", "looks after the service", "运维"),
    ("partner_administrators", "manages a partner", "伙伴管理员"),
    ("partner_users", "applies", "申请人"),
];

/// Everybody of the demo.
pub fn to_choose_from() -> Vec<DemoPerson> {
    let people = PEOPLE.iter().map(|person| {
        let mine = DOES
            .iter()
            .filter(|(group, ..)| person.groups.contains(group));
        let said: Vec<&(&str, &str, &str)> = mine.take(2).collect();
        let joined = |pick: fn(&(&str, &str, &str)) -> String, joint: &str| -> String {
            let words: Vec<String> = said.iter().map(|does| pick(does)).collect();
            words.join(joint)
        };
        let does = if said.is_empty() {
            let groups = person.groups.join(", ").replace('_', " ");
            Text::same(&groups)
        } else {
            Text::new(
                joined(|does| does.1.to_owned(), ", "),
                joined(|does| does.2.to_owned(), "、"),
            )
        };
        let partner = person.partner.map(|id| {
            let mut known = PARTNERS.iter().filter(|(partner, ..)| *partner == id);
            known.next().map_or(id, |(_, name, _)| name).to_owned()
        });
        DemoPerson {
            id: person.id.to_owned(),
            name: person.name.to_owned(),
            does,
            partner,
        }
    });
    people.collect()
}
