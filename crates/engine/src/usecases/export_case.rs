//! Export a case as evidence: all that it holds and everything that happened, for operators. How it is written and
//! examined is `evidence`'s.

use countersign_core::{
    case::Case,
    history::{Hash, SealedEntry},
};

use crate::{
    Engine, Error, Evidence,
    ports::store::{Caller, CaseAddress},
};

impl Engine {
    /// The evidence file of a case. It has what reviewers said among themselves and what was read of the directory:
    /// operators only.
    pub async fn export_case(
        &self,
        caller: &Caller,
        address: &CaseAddress,
    ) -> Result<(String, String), Error> {
        let scene = self.look(&caller.actor(), address).await?;
        self.must_operate(caller)?;
        let case = scene.case.ok_or(Error::NotFound)?;
        let mut history = self.whole_history(&case).await?;
        // What was written since the case was read is not of it.
        history.retain(|sealed| sealed.entry.entry <= case.entries);
        let published = self.reader.workflows().await?;
        let file = published
            .into_iter()
            .find(|published| published.id == case.workflow && published.version == case.version);
        let evidence = Evidence {
            evidence: 1,
            taken_at: self.now(),
            case: case.id,
            number: case.number.clone(),
            title: case.title.clone(),
            workflow: case.workflow.clone(),
            version: case.version,
            workflow_sha256: file.map(|file| file.sha256),
            state: case.state.to_string(),
            opened_by: case.starter.clone(),
            partner: case.partner.clone(),
            entries: case.entries,
            head: case.head,
            content: case.content.clone(),
        };
        let text = self.evidence_key.to_text(&evidence, &history);
        Ok((case.number.clone(), text))
    }

    /// The entry that a receipt is of, with its case as the caller sees it; not found where he does not.
    pub async fn check_receipt(
        &self,
        caller: &Caller,
        hash: &Hash,
    ) -> Result<(std::sync::Arc<Case>, SealedEntry), Error> {
        let (case, sealed) = self.reader.entry_of(hash).await?.ok_or(Error::NotFound)?;
        let scene = self.look(&caller.actor(), &CaseAddress::Id(case)).await?;
        let case = scene.case.ok_or(Error::NotFound)?;
        Ok((case, sealed))
    }
}
