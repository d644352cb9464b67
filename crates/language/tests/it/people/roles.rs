//! Roles that are reckoned (`groups`, `person`, `relation`) and fields that name a person.

use super::{assert_told, codes};

/// Somebody asks; who decides is reckoned as this role says.
fn decided_by(role: &str) -> String {
    format!(
        "\
roles:
  buyer: {{ is: starter }}
  boss: {role}
forms:
  request: {{ fields: {{ what: {{ type: string }}, area: {{ enum: [it, hr] }}, owner?: {{ type: person, group: owners }} }} }}
open: {{ who: buyer, to: draft }}
states:
  draft:
    edit: {{ buyer: [request] }}
    actions: {{ submit: {{ who: buyer, require: [request], to: review }} }}
  review:
    enter: [ {{ notify: please }} ]
    review: {{ by: boss, decisions: {{ approve: {{ to: done }}, send_back: {{ to: draft }} }} }}
  done: {{ end: success }}
messages:
  please: {{ to: reviewers, subject: \"{{{{request.what}}}}\", body: \"{{{{state.waiting_for}}}} {{{{button.approve}}}}\" }}
"
    )
}

const OPENED: &str = "
    - bea opens: { request: { what: A chair, area: it, owner: olga } }
    - bea: submit
";

#[test]
fn groups_are_reckoned_from_the_case() {
    let workflow = decided_by("{ groups: \"[request.area + '_managers']\" }");
    assert_told(
        &workflow,
        &format!(
            "\
people:
  bea: {{}}
  ivo: {{ in: [it_managers] }}
  hal: {{ in: [hr_managers] }}
  olga: {{ in: [owners] }}
scenarios:
  it:{OPENED}      then: {{ mail: [ivo], may: [ivo approve], may_not: {{ hal approve: who }}, ivo sees: case, hal does not see: case }}
    - ivo: approve
      then: {{ state: done }}
  it becomes hr:{OPENED}
    - ivo: send_back
    - bea edits: {{ request: {{ area: hr }} }}
    - bea: submit
      then: {{ mail: [hal], may: [hal approve], may_not: {{ ivo approve: who }} }}
"
        ),
    );
}

#[test]
fn a_person_is_named_by_a_field() {
    let workflow = decided_by("{ person: request.owner }");
    assert_told(
        &workflow,
        &format!(
            "\
people:
  bea: {{}}
  olga: {{ in: [owners] }}
  otto: {{ in: [owners] }}
  zoe: {{}}
scenarios:
  the owner decides:{OPENED}      then: {{ mail: [olga], may_not: {{ otto approve: who }} }}
    - olga: approve
      then: {{ state: done }}
  only owners can be named:
    - bea opens: {{ request: {{ what: A chair, area: it, owner: zoe }} }}
      refused: request
    - bea opens: {{ request: {{ what: A chair, area: it, owner: nobody }} }}
      refused: request
"
        ),
    );
}

#[test]
fn rule_21_only_a_relation_crosses_the_partner_wall() {
    let people = "\
people:
  bea: { partner: acme, attributes: { manager: mia } }
  mia: { partner: holding, attributes: { manager: [top, tim] } }
  top: {}
  tim: { partner: holding }
  pam: { partner: holding }
  olga: { in: [owners], partner: holding }
";
    let by = |relation: &str| decided_by(&format!("{{ relation: {relation} }}"));
    assert_told(
        &by("manager_of(starter)"),
        &format!(
            "{people}scenarios:
  her manager:
    - bea opens: {{ request: {{ what: A chair, area: it }} }}
    - bea: submit
      then: {{ mail: [mia], mia sees: case, pam does not see: case, may_not: {{ tim approve: who }} }}
    - mia: approve
      then: {{ state: done }}
"
        ),
    );
    assert_told(
        &by("manager_of(manager_of(starter))"),
        &format!(
            "{people}scenarios:
  two levels up:
    - bea opens: {{ request: {{ what: A chair, area: it }} }}
    - bea: submit
      then: {{ mail: [top, tim], mia does not see: case }}
    - tim: approve
      then: {{ state: done }}
"
        ),
    );
    // By any other role the wall stands: nobody can be asked, which is told, not passed over.
    assert_told(
        &decided_by("{ person: starter, title: Boss }").replace("person: starter", "group: owners"),
        &format!(
            "{people}scenarios:
  nobody of another partner:
    - bea opens: {{ request: {{ what: A chair, area: it }} }}
    - bea: submit
      then: {{ state: review, mail: [], olga does not see: case }}
"
        ),
    );
}

#[test]
fn what_a_role_cannot_be_is_found() {
    let found = |role: &str| codes(&decided_by(role));
    let none: [&str; 0] = [];
    assert_eq!(found("{ relation: manager_of(starter) }"), none);
    assert_eq!(found("{ relation: starter }"), ["E107"]);
    assert_eq!(found("{ relation: manager_of(starting) }"), ["E301"]);
    assert_eq!(found("{ relation: manager_of(request.what) }"), ["E308"]);
    assert_eq!(found("{ person: request.what }"), ["E308"]);
    assert_eq!(found("{ groups: request.owner }"), ["E308"]);
    assert_eq!(found("{ groups: \"[]\" }"), ["E212"]);
    assert_eq!(found("{ group: a, person: starter }"), ["E105"]);
    assert_eq!(
        found("{ person: 'today > today ? starter : starter' }"),
        ["E301", "E301"]
    );
    let misplaced =
        decided_by("{ group: a }").replace("string }, area", "string, group: a }, area");
    assert_eq!(codes(&misplaced), ["E105"]);
}
