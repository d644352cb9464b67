//! `hide` of a role whose people see the case anyhow, because they are the starter's side (W409, rule 20). That the word
//! does nothing is not seen from the file.

use countersign_core::workflow::{Grant, RoleIs, State, Thing};

use crate::diagnostic::Code;

use super::site::Site;

pub(super) fn check(site: &Site<'_>) {
    // Whose case it is says the file, or nobody starts it: then a partner's people need not be the starter's side.
    let who = &site.workflow.open.who;
    if site.workflow.partner.is_some() || who.system {
        return;
    }
    for state in site.workflow.states.iter() {
        for grant in state.hide.iter().filter(|grant| does_nothing(site, grant)) {
            tell(site, state, grant);
        }
    }
}

/// Whether it is said of a partner's role and takes away what that role has as the starter's side: the whole case, or
/// what no `edit` or `show` of the role gave.
fn does_nothing(site: &Site<'_>, grant: &Grant) -> bool {
    let Some(role) = &grant.role else {
        return false;
    };
    let is = site.workflow.roles.get(role).map(|role| &role.is);
    if !matches!(is, Some(RoleIs::Partner { .. })) {
        return false;
    }
    let mut states = site.workflow.states.iter();
    let given = states.any(|state| {
        let mut grants = state.edit.iter().chain(&state.show);
        grants.any(|given| given.role.as_ref() == Some(role))
    });
    grant.things.contains(&Thing::Case) || !given
}

fn tell(site: &Site<'_>, state: &State, grant: &Grant) {
    let Some(role) = &grant.role else { return };
    let written = site.within(state, &["hide", role]);
    let span = written.map_or_else(|| site.state_span(state), |entry| entry.key.span);
    let message = format!(
        "this hides nothing: the people of `{role}` are the starter's side, which sees the case always"
    );
    let help = "`hide: [case]`, without a role, takes it from the starter's side";
    site.file.report(Code::HidesNothing, span, message, help);
}
