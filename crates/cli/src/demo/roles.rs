//! What the demo's people do, for whoever chooses to be one of them.

use countersign_core::text::Text;
use countersign_web::DemoPerson;

use super::people::{PARTNERS, PEOPLE};

/// Groups, and what their members do.
const DOES: [(&str, &str, &str); 28] = [
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
    ("customers", "orders and pays as a customer", "客户"),
    ("business_staff", "looks after the business", "商务"),
    ("operations", "runs the programme", "运营"),
    (
        "representative_office",
        "speaks for the local office",
        "代表处",
    ),
    (
        "business_developers",
        "develops business with partners",
        "商务拓展",
    ),
    ("ecosystem_managers", "looks after partners", "生态经理"),
    ("account_managers", "looks after customers", "客户经理"),
    ("case_reviewers", "reviews customer cases", "评审客户案例"),
    ("identity_reviewers", "checks identities", "身份审核"),
    (
        "label_reviewers",
        "reviews capability labels",
        "评审能力标签",
    ),
    ("project_reviewers", "reviews projects", "评审项目"),
    ("solution_reviewers", "reviews solutions", "评审解决方案"),
    ("technical_reviewers", "reviews technology", "技术评审"),
    (
        "certification_panel",
        "sits on the certification panel",
        "认证评审组",
    ),
    ("role_certifiers", "certifies partners", "角色认证"),
    ("solution_certifiers", "certifies solutions", "解决方案认证"),
    ("value_experts", "judges business value", "商业价值评估"),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_described_in_both_languages_and_not_by_ids() {
        for person in to_choose_from() {
            assert!(
                !person.does.en.contains('_') && person.does.en != person.does.zh,
                "{person:?}"
            );
        }
    }
}
