//! Stories that send a mail of every kind: a deal in two rounds, an invitation, and a desk whose turns are claimed.

use countersign_cli::{HookWay, Source};
use countersign_tests::{Client, Product};
use serde_json::{Value as Json, json};

/// A mail as its receiver reads it, with what differs from run to run taken out of the text.
pub(super) struct Told {
    pub kind: &'static str,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// A desk at which one of several sorts what comes in, and may claim it.
const DESK: &str = r#"
workflow: desk
version: 1
number: "D-{seq:5}"
title: { en: Support desk, zh: 支持服务 }
case_title: request.what
roles:
  asker: { title: { en: Partner, zh: 合作伙伴 }, is: starter }
  clerk: { title: { en: Clerk, zh: 受理人 }, group: deal_reviewers }
  head:  { title: { en: Head of the desk, zh: 服务主管 }, group: finance }
forms:
  request:
    title: { en: Request, zh: 服务请求 }
    fields:
      what: { title: { en: What is wanted, zh: 需求 }, type: string }
      cost: { title: { en: Expected cost (CNY), zh: 预计费用（元） }, type: money }
open: { who: asker, to: draft }
states:
  draft:
    title: { en: Draft, zh: 草稿 }
    edit: { asker: [request] }
    actions:
      send: { title: { en: Send, zh: 提交 }, who: asker, require: [request], to: incoming }
  incoming:
    title: { en: Waiting for the desk, zh: 待受理 }
    claim: 4 hours
    enter: [ { notify: new_request } ]
    actions:
      sort: { title: { en: Sort, zh: 受理 }, who: clerk, to: done }
    timers:
      escalate: { after: 8 hours, do: [ { notify: still_waits } ] }
  done: { title: { en: Sorted, zh: 已受理 }, end: success }
messages:
  new_request:
    to: clerk
    subject: { en: "New request {{case.number}} {{case.title}}", zh: "新请求 {{case.number}} {{case.title}}" }
    body:
      en: "{{starter.name}} asks for {{request.what}}."
      zh: "{{starter.name}} 提出请求：{{request.what}}。"
  still_waits:
    to: head
    subject: { en: "{{case.number}} {{case.title}} still waits for the desk", zh: "{{case.number}} {{case.title}} 仍未受理" }
    body:
      en: "Nobody has sorted it for eight hours. {{state.waiting_for}}"
      zh: "已超过 8 小时无人受理。{{state.waiting_for}}"
"#;

const PEOPLE: [&str; 9] = [
    "pat", "nina", "rita", "lena", "omar", "amy", "ada", "fin", "ivy",
];

/// A mail of every kind, all in this language.
pub(super) async fn told(language: &str) -> Vec<Told> {
    let mut mails = Vec::new();
    let mut town = Town::new(language, Source::Shipped).await;
    deal(&mut town).await;
    another_deal(&mut town).await;
    invitation(&mut town).await;
    mails.append(&mut town.told);
    let shared = "shared: 1\nlanguages: [en, zh]\ntimezone: Asia/Shanghai\n";
    let desk = [("shared.yaml", shared), ("desk.yaml", DESK)];
    let desk = desk
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .to_vec();
    let mut town = Town::new(language, Source::Texts(desk)).await;
    claims(&mut town).await;
    handed_on(&mut town).await;
    mails.append(&mut town.told);
    mails
}

struct Town {
    product: Product,
    told: Vec<Told>,
}

impl Town {
    async fn new(language: &str, workflows: Source) -> Self {
        let product = Product::start_with(HookWay::Taken, workflows).await;
        for who in PEOPLE {
            let somebody = product.as_(who);
            let mut wishes = somebody.get("/v1/me/mail").await.ok();
            wishes["language"] = json!(language);
            wishes["timezone"] = json!("Asia/Shanghai");
            somebody.put("/v1/me/mail", wishes).await.ok();
        }
        let told = Vec::new();
        Self { product, told }
    }

    fn as_(&self, who: &str) -> Client {
        self.product.as_(who)
    }

    /// Keeps the newest mail to somebody, which is this message.
    async fn keep(&mut self, kind: &'static str, who: &str, message: &str) {
        let me = self.as_(who).get("/v1/me").await.ok();
        let to = me["email"].as_str().expect("an address").to_owned();
        let mails = self.product.mails(&to).await;
        let mail = mails.first().expect("somebody was written to");
        assert_eq!(mail["message"], message, "{kind}: {mail:#}");
        let of = |member: &str| mail[member].as_str().expect("a text").to_owned();
        let mut text = of("text").replace(self.product.service().url(), "https://approve.example");
        for link in mail["links"].as_array().expect("links") {
            let url = link["url"].as_str().expect("an address");
            let token = url.rsplit('/').next().expect("a token");
            text = text.replace(token, "TOKEN");
        }
        if message == "confirmation_code" {
            text = text.replace(&self.product.code(&to).await, "12345678");
        }
        let (subject, html) = (of("subject"), of("html"));
        self.told.push(Told {
            kind,
            to,
            subject,
            text,
            html,
        });
    }

    async fn submitted(&self, customer: &str, amount: &str) -> String {
        let deal = json!({ "customer": customer, "amount": amount, "close_date": "2026-12-20" });
        let pat = self.as_("pat");
        let case = pat.open("deal_registration", json!({ "deal": deal })).await;
        pat.act(&case, "submit", json!({})).await.ok();
        case
    }

    async fn asked(&self, what: &str) -> String {
        let request = json!({ "what": what, "cost": "4800" });
        let pat = self.as_("pat");
        let case = pat.open("desk", json!({ "request": request })).await;
        pat.act(&case, "send", json!({})).await.ok();
        case
    }

    async fn turn(&self, who: &str, case: &str, turn: &str, body: Json) {
        let path = format!("/v1/cases/{case}/{turn}");
        self.as_(who).post(&path, body).await.ok();
    }
}

/// Sent back, sent again, late and approved; then settled for those who were asked.
async fn deal(town: &mut Town) {
    let case = town.submitted("Northwind & Söhne", "330000").await;
    town.keep("turn", "lena", "review_wanted").await;
    let comments = json!([
        { "at": "deal.amount", "text": "Please add the tax.\nThe offer says 13 %." },
        { "text": "Who *signs* for <Northwind>?" },
    ]);
    let back = json!({ "comment": "See there.", "comments": comments });
    let rita = town.as_("rita");
    rita.act(&case, "request_changes", back).await.ok();
    town.keep("sent-back", "pat", "to_fix").await;
    town.keep("settled", "lena", "settled").await;
    town.product.wait("7 days").await;
    town.keep("reminder-to-applicant", "pat", "to_fix").await;

    let pat = town.as_("pat");
    let taxed = json!({ "deal": { "amount": "372900", "close_date": "2026-12-31" } });
    pat.patch(&format!("/v1/cases/{case}"), taxed).await.ok();
    let open = pat.case(&case).await["comments"].clone();
    let open = open.as_array().expect("comments").iter();
    let replies = open.map(|comment| json!({ "comment": comment["id"], "text": "Done." }));
    let replies = json!({ "replies": replies.collect::<Vec<_>>() });
    pat.act(&case, "resubmit", replies).await.ok();
    town.keep("turn-again", "lena", "review_wanted").await;
    town.product.wait("3 business days").await;
    town.keep("reminder", "lena", "review_wanted").await;
    let good = json!({ "data": { "evaluation": { "grade": "A", "summary": "Sound" } }, "comment": "Well done.\n\nWe look forward to it." });
    rita.act(&case, "approve", good).await.ok();
    town.keep("outcome", "pat", "outcome").await;
}

/// Substitutes, turns that are handed over, a rejection, and one who wants a mail a day.
async fn another_deal(town: &mut Town) {
    let today = town.product.now().date_naive();
    let away =
        json!({ "from": today, "until": today + chrono::TimeDelta::days(9), "substitute": "amy" });
    town.as_("omar").post("/v1/me/away", away).await.ok();
    let lena = town.as_("lena");
    let mut wishes = lena.get("/v1/me/mail").await.ok();
    let at_once = wishes.clone();
    wishes["daily"] = json!("17:00");
    lena.put("/v1/me/mail", wishes).await.ok();

    let waits = town.submitted("Contoso", "98000").await;
    town.keep("turn-of-substitute", "amy", "review_wanted")
        .await;
    let rejected = town.submitted("Fabrikam", "1200").await;
    let why = json!({ "comment": "Another partner has registered it already." });
    town.as_("rita").act(&rejected, "reject", why).await.ok();
    town.keep("rejected", "pat", "outcome").await;
    town.product.wait("10 hours").await;
    town.keep("daily", "lena", "daily").await;

    lena.put("/v1/me/mail", at_once).await.ok();
    let handed = json!({ "from": "rita", "to": "ivy", "reason": "Rita is ill." });
    town.turn("otto", &waits, "reassign", handed).await;
    town.keep("settled-handed-over", "rita", "settled").await;
    let why = json!({ "comment": "The customer has no budget." });
    town.as_("pat").act(&waits, "withdraw", why).await.ok();
    town.keep("settled-withdrawn", "ivy", "settled").await;
}

/// To an address, again, and answered with a code.
async fn invitation(town: &mut Town) {
    // An address that somebody is known by, who has a language.
    let nina = town.as_("nina").get("/v1/me").await.ok();
    let invitation = json!({ "email": nina["email"], "name": "Nina", "role": "partner_user" });
    let ada = town.as_("ada");
    ada.open("invitation", json!({ "invitation": invitation }))
        .await;
    town.keep("invitation", "nina", "invitation_mail").await;
    town.product.wait("5 days").await;
    town.keep("invitation-again", "nina", "invitation_mail")
        .await;
    let email = nina["email"].as_str().expect("an address");
    let link = town.product.link(email, "accept").await;
    let nobody = town.product.nobody();
    let asks = nobody.post(&format!("/v1/links/{link}"), json!({})).await;
    asks.refused(428, "code_needed");
    town.keep("code", "nina", "confirmation_code").await;
}

/// Turns that are claimed, given back, lapse and are ended by an operator; and one that nobody takes.
async fn claims(town: &mut Town) {
    let case = town.asked("Access to the test cloud").await;
    town.keep("turn-of-role", "lena", "new_request").await;
    town.turn("rita", &case, "claim", json!({})).await;
    town.keep("settled-claimed", "lena", "settled").await;
    town.turn("rita", &case, "release", json!({})).await;
    town.keep("given-back", "lena", "given_back").await;
    town.turn("omar", &case, "claim", json!({})).await;
    town.product.wait("5 hours").await;
    town.keep("claim-lapsed", "omar", "claim_lost").await;
    town.turn("lena", &case, "claim", json!({})).await;
    let why = json!({ "reason": "Lena is away." });
    town.turn("otto", &case, "release", why).await;
    town.keep("claim-ended", "lena", "claim_lost").await;
    town.product.wait("4 hours").await;
    town.keep("escalation", "fin", "still_waits").await;
}

async fn handed_on(town: &mut Town) {
    let case = town.asked("A second account").await;
    let handed = json!({ "to": "ivy", "reason": "You know *them* best." });
    town.turn("rita", &case, "delegate", handed).await;
    town.keep("handed-on", "ivy", "handed_on").await;
}
