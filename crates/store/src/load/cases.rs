//! Cases with their content, by id or number.

use countersign_core::case::{Case, Content};
use countersign_engine::ports::store::CaseAddress;
use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use crate::{
    rows::{get, get_json, hex, json},
    statements::{Sql, cases as sql},
};

/// These cases in the order asked; `None` for one that is not there.
pub async fn cases(
    on: &impl ConnectionTrait,
    addresses: &[CaseAddress],
) -> Result<Vec<Option<Case>>, DbErr> {
    let mut found = vec![None; addresses.len()];
    let mut ids = (Vec::new(), Vec::new());
    let mut numbers = (Vec::new(), Vec::new());
    for (place, address) in addresses.iter().enumerate() {
        match address {
            CaseAddress::Id(id) => {
                ids.0.push(place);
                ids.1.push(hex(id.0));
            }
            CaseAddress::Number(number) => {
                numbers.0.push(place);
                numbers.1.push(number.clone());
            }
        }
    }
    fill(on, sql::BY_ID, &ids, &mut found).await?;
    fill(on, sql::BY_NUMBER, &numbers, &mut found).await?;
    Ok(found)
}

async fn fill(
    on: &impl ConnectionTrait,
    statement: Sql,
    (places, keys): &(Vec<usize>, Vec<String>),
    found: &mut [Option<Case>],
) -> Result<(), DbErr> {
    if keys.is_empty() {
        return Ok(());
    }
    for row in statement.all(on, [json(keys)?.into()]).await? {
        let asked = usize::try_from(get::<i64, _>(&row, 0)?).ok();
        let place = asked
            .and_then(|asked| places.get(asked))
            .and_then(|place| found.get_mut(*place));
        if let Some(place) = place {
            *place = Some(case(&row)?);
        }
    }
    Ok(())
}

/// A row of place, control and content.
fn case(row: &QueryResult) -> Result<Case, DbErr> {
    let mut case: Case = get_json(row, 1)?;
    case.content = get_json::<Content, _>(row, 2)?;
    Ok(case)
}
