//! The places of a limit, when many want them in one batch: no more are given away than there are. The batch is made by holding
//! the database until everybody has asked.

use countersign_cli::{HookWay, Source};
use countersign_tests::Product;
use futures::future::join_all;
use serde_json::json;

use super::{aside::Aside, lanes::queued};

const ASKED: usize = 40;
const PLACES: usize = 3;

const SEATS: &str = r#"
workflow: seat
version: 1
number: "S-{seq:5}"
title: { en: Seat, zh: 席位 }
roles:
  asker: { title: { en: Asker, zh: 申请人 }, is: starter }
limits:
  few: { count: 3, per: partner, while: open, else: { en: No seat is left., zh: 席位已满。 } }
open: { who: asker, to: taken }
states:
  taken:
    title: { en: Taken, zh: 已占用 }
    actions: { leave: { title: { en: Leave, zh: 离开 }, who: asker, to: left } }
  left: { title: { en: Left, zh: 已离开 }, end: neutral }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn openings_of_one_batch_share_the_places_of_a_limit() {
    let files = vec![("seat.yaml".to_owned(), SEATS.to_owned())];
    let product = Product::start_with(HookWay::Taken, Source::Texts(files)).await;
    let aside = Aside::of(&product).await;
    let pat = product.as_("pat");
    let held = aside.hold().await;
    let asked = join_all((0..ASKED).map(|_| pat.post("/v1/cases", json!({ "workflow": "seat" }))));
    let release = async {
        queued(&product, ASKED).await;
        held.rollback().await.expect("it is given up");
    };
    let (answers, ()) = tokio::join!(asked, release);
    let mut opened = 0;
    for answer in answers {
        if answer.status == 201 {
            opened += 1;
        } else {
            assert_eq!(answer.missing(), ["few"]);
        }
    }
    assert_eq!(opened, PLACES);
    assert_eq!(aside.cases().await, PLACES);
}
