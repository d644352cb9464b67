//! From a step's deliveries to the rows that the notifier sends from.

use countersign_core::{
    case::{Case, Receiver, Sending},
    context::Inputs,
    outcome::{Content, Hook, Mail, MailPart, NewDelivery},
    text,
    workflow::Workflow,
};
use serde_json::{Map, Value as Json, json};

use crate::{
    HookForms,
    ports::{
        deliveries::{
            Addressee, CaseRef, DeliveryContent, Fact, HookContent, Language, MailContent, Part,
        },
        store::DeliveryWrite,
    },
};

/// The row of a delivery.
pub(super) fn delivery(
    workflow: &Workflow,
    case: &Case,
    new: &NewDelivery,
    inputs: &Inputs,
    hook_forms: &HookForms,
) -> DeliveryWrite {
    let (content, sending) = match &new.content {
        Content::Mail(mail) => (
            DeliveryContent::Mail(mail_content(workflow, case, mail, inputs)),
            mail.sending,
        ),
        Content::Hook(hook) => (
            DeliveryContent::Hook(hook_content(case, hook, hook_forms)),
            Sending::Now,
        ),
    };
    DeliveryWrite {
        id: new.id,
        case: Some(case_ref(case)),
        content,
        sending,
    }
}

/// How deliveries name their case.
pub(super) fn case_ref(case: &Case) -> CaseRef {
    CaseRef {
        id: case.id.0,
        number: case.number.clone(),
        workflow: case.workflow.to_string(),
        version: case.version,
        title: case.title.clone(),
    }
}

/// The language as deliveries write it.
pub(super) fn language(language: text::Language) -> Language {
    match language {
        text::Language::En => Language::En,
        text::Language::Zh => Language::Zh,
    }
}

fn mail_content(workflow: &Workflow, case: &Case, mail: &Mail, inputs: &Inputs) -> MailContent {
    let (person, timezone) = match &mail.receiver {
        Receiver::Person(id) => {
            let known = inputs.people.get(id).and_then(Option::as_ref);
            (
                Some(id.to_string()),
                known.and_then(|person| person.timezone.clone()),
            )
        }
        Receiver::Address(_) => (None, None),
    };
    let case_path = person.is_some().then(|| format!("/cases/{}", case.number));
    MailContent {
        to: Addressee {
            person,
            name: mail.name.clone(),
            email: mail.email.clone(),
            language: language(mail.language),
            timezone: timezone.unwrap_or_else(|| workflow.surroundings.zone.name().to_owned()),
        },
        message: mail.message.to_string(),
        purpose: mail.purpose,
        lead: mail.lead.clone(),
        since: mail.since.clone(),
        otherwise: mail.otherwise.clone(),
        subject: mail.subject.clone(),
        body: mail.body.iter().map(part).collect(),
        facts: mail
            .facts
            .iter()
            .map(|(label, value)| Fact {
                label: label.clone(),
                value: value.clone(),
            })
            .collect(),
        answer_by: mail.answer_by,
        case_path,
        reason: mail.reason.clone(),
        secret: false,
    }
}

fn part(part: &MailPart) -> Part {
    match part {
        MailPart::Text(text) => Part::Text(text.clone()),
        MailPart::Button {
            action,
            title,
            link,
        } => Part::Button {
            action: action.to_string(),
            title: title.clone(),
            link: Some(link.0),
        },
        MailPart::CaseLink => Part::CaseLink,
    }
}

fn hook_content(case: &Case, hook: &Hook, hook_forms: &HookForms) -> HookContent {
    let forms = hook.forms.as_object().into_iter().flatten();
    let forms: Map<String, Json> = forms
        .filter(|(form, _)| hook_forms.has(&hook.hook, form))
        .map(|(form, values)| (form.clone(), values.clone()))
        .collect();
    let data = json!({
        "case": {
            "id": case.id, "number": case.number, "workflow": case.workflow, "version": case.version,
            "partner": case.partner, "state": hook.state, "visit": hook.visit,
        },
        "forms": forms,
        "answer_to": format!("/v1/cases/{}/signals/", case.id),
    });
    HookContent::new(hook.hook.to_string(), hook.called_at, &data)
}
