//! Whose case it is, and whom a message to a whole partner reaches.

use super::assert_stories;

const NOTICE: &str = "\
workflow: notice
version: 1
partner: notice.partner
roles:
  them: { is: partner }
forms:
  notice: { fields: { partner: { type: string, maxLength: 20 } } }
open: { who: clerk, require: [notice], to: sent }
states:
  sent:
    enter: [ { notify: news } ]
    actions: { read: { who: them, to: done } }
  done: { end: success, enter: [ { notify: thanks } ] }
messages:
  news: { to: them, subject: News, body: \"{{notice.partner}}\" }
  thanks: { to: clerk, subject: Thanks, body: Read. }
";

const STORIES: &str = "\
test: notice
clock: 2026-11-23 09:00
people:
  pat: { partner: acme }
  pam: { partner: acme, language: zh }
  kim: { partner: other }
  cleo: { in: clerks }
scenarios:
  everybody of the case's partner is told, and nobody else:
    - cleo opens: { notice: { partner: acme } }
      then: { mail: [pat, pam], kim does not see: case }
    - kim: read
      refused: not_found
    - pam: read
      then: { mail: cleo }
";

#[test]
fn a_message_to_a_role_of_the_partner_reaches_all_its_people() {
    assert_stories(&[("notice.yaml", NOTICE), ("notice.test.yaml", STORIES)]);
}
