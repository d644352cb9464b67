//! Cases under way, so that the first look at the demo shows work: opened through the engine, by the
//! demo's people, as anybody would.

use countersign_core::{
    case::{Actor, CaseId, Channel, PersonId},
    command::{Act, Command, NewComment, Opening, Patch},
    context::Needs,
    reading::Reading,
};
use countersign_engine::{Answered, Engine, Error, Manner, ports::store::CaseAddress};
use serde_json::{Value as Json, json};

/// Opens the cases under way.
pub async fn open_cases(engine: &Engine) -> Result<(), Error> {
    let desk = Desk { engine };
    let deal = |customer: &str, amount: &str| json!({ "deal": { "customer": customer, "amount": amount, "close_date": "2026-12-20" } });
    desk.open(
        "pat",
        "deal_registration",
        json!({ "deal": { "customer": "Contoso" } }),
        None,
    )
    .await?;
    desk.open(
        "pat",
        "deal_registration",
        deal("Northwind", "330000.00"),
        Some("submit"),
    )
    .await?;
    desk.open(
        "nina",
        "deal_registration",
        deal("Fabrikam", "2400000.00"),
        Some("submit"),
    )
    .await?;
    let returned = desk
        .open(
            "paul",
            "deal_registration",
            deal("Tailspin", "80000.00"),
            Some("submit"),
        )
        .await?;
    let why = NewComment {
        at: Some("deal.amount".to_owned()),
        text: "Please add the tax.".to_owned(),
        internal: false,
    };
    let send_back = Act {
        comments: vec![why],
        ..Act::new("request_changes")
    };
    desk.act("rita", returned, send_back).await?;
    let application = json!({ "application": { "programme": "Growth", "ceiling": "50000.00" } });
    let application = desk
        .open("pat", "incentive_application", application, Some("submit"))
        .await?;
    desk.act("ivy", application, Act::new("approve")).await?;
    let sow = json!({ "sow": { "project": "Smart port", "services": ["gaussdb", "cce", "ecs"] } });
    desk.open("pat", "sow_evaluation", sow, None).await?;
    let invitation = json!({ "invitation": { "email": "bob@example.com", "name": "Bob", "role": "partner_user" } });
    desk.open("ada", "invitation", invitation, None).await?;
    Ok(())
}

struct Desk<'a> {
    engine: &'a Engine,
}

impl Desk<'_> {
    async fn open(
        &self,
        who: &str,
        workflow: &str,
        data: Json,
        then: Option<&str>,
    ) -> Result<CaseId, Error> {
        let opening = Opening {
            data: patch(data),
            then: then.map(Act::new),
            ..Opening::default()
        };
        let actor = self.actor(who).await?;
        let answered = self
            .engine
            .open_case(actor, Manner::plain(Channel::Api), workflow, opening)
            .await?;
        case_of(answered)
    }

    async fn act(&self, who: &str, case: CaseId, act: Act) -> Result<CaseId, Error> {
        let actor = self.actor(who).await?;
        let manner = Manner::plain(Channel::Api);
        let command = Command::Act(act);
        let answered = self
            .engine
            .command(actor, manner, CaseAddress::Id(case), command, None, None)
            .await?;
        case_of(answered)
    }

    async fn actor(&self, who: &str) -> Result<Actor, Error> {
        let id = PersonId::new(who);
        let needs = Needs {
            people: [id.clone()].into(),
            ..Needs::default()
        };
        let mut inputs = countersign_core::context::Inputs::default();
        self.engine
            .reader()
            .inputs(&needs, self.engine.registry(), &mut inputs)
            .await?;
        let person = Reading::new(&inputs, &Actor::Machine)
            .person(&id)
            .ok_or(Error::NotFound)?;
        Ok(Actor::Person((*person).clone()))
    }
}

fn patch(data: Json) -> Patch {
    match data {
        Json::Object(members) => members,
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
            Patch::new()
        }
    }
}

fn case_of(answered: Answered) -> Result<CaseId, Error> {
    match answered {
        Answered::Fresh(scene) => scene.case.map(|case| case.id).ok_or(Error::NotFound),
        Answered::Replayed(_) => Err(Error::NotFound),
    }
}
