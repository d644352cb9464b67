//! Loading for a batch: kept answers, the cases that are named, and what their steps may read, each in
//! set-based reads. Cases that the batch has changed are read as it has left them.

use std::collections::HashMap;

use countersign_core::{case::CaseId, context::Needs, step};

use super::{Batch, CaseInHand};
use crate::{
    lane::{Request, Work},
    ports::{StoreError, store::CaseAddress},
};

impl Batch<'_> {
    pub(super) async fn load_answers(&mut self, requests: &[Request]) -> Result<(), StoreError> {
        let keys: Vec<_> = requests
            .iter()
            .filter_map(|r| Some(r.key.as_ref()?.0.clone()))
            .collect();
        if !keys.is_empty() {
            let answers = self.tx.answers(&keys).await?;
            self.kept.extend(
                keys.into_iter()
                    .zip(answers)
                    .filter_map(|(key, answer)| Some((key, answer?))),
            );
        }
        Ok(())
    }

    /// Loads and locks the cases that are named; answers each request's, if it is there.
    pub(super) async fn load_cases(
        &mut self,
        requests: &[Request],
    ) -> Result<Vec<Option<CaseId>>, StoreError> {
        let mut wanted: Vec<CaseAddress> = Vec::new();
        for request in requests {
            if let Work::Case { address, .. } = &request.work
                && !wanted.contains(address)
            {
                wanted.push(address.clone());
            }
        }
        let mut found = HashMap::new();
        if !wanted.is_empty() {
            for (address, case) in wanted.iter().zip(self.tx.cases(&wanted).await?) {
                if let Some(case) = case {
                    found.insert(address.clone(), case.id);
                    self.cases
                        .entry(case.id)
                        .or_insert_with(|| CaseInHand::loaded(case));
                }
            }
        }
        Ok(requests
            .iter()
            .map(|request| match &request.work {
                Work::Case { address, .. } => found.get(address).copied(),
                Work::Open { .. }
                | Work::Directory(_)
                | Work::Publish { .. }
                | Work::Tell { .. }
                | Work::RetryDelivery(_)
                | Work::Nothing
                | Work::Probe => None,
            })
            .collect())
    }

    /// Loads the union of what the steps are expected to need.
    pub(super) async fn load_inputs(
        &mut self,
        requests: &[Request],
        cases: &[Option<CaseId>],
    ) -> Result<(), StoreError> {
        let mut needs = Needs::default();
        for (request, case) in requests.iter().zip(cases) {
            match &request.work {
                Work::Open { workflow, opening } => {
                    needs.add(step::opening_needs(workflow, opening, &request.actor));
                }
                Work::Case { command, .. } => {
                    if let Some(in_hand) = case.and_then(|id| self.cases.get(&id))
                        && let Some(workflow) = self
                            .bench
                            .registry
                            .get(&in_hand.case.workflow, in_hand.case.version)
                    {
                        needs.add(step::needs(
                            &workflow,
                            &in_hand.case,
                            command,
                            &request.actor,
                        ));
                    }
                }
                Work::Directory(_)
                | Work::Publish { .. }
                | Work::Tell { .. }
                | Work::RetryDelivery(_)
                | Work::Nothing
                | Work::Probe => {}
            }
        }
        self.load(&needs).await
    }

    /// Loads what is not there yet. Cases of this batch are read as the batch has left them.
    pub(super) async fn load(&mut self, needs: &Needs) -> Result<(), StoreError> {
        if needs.is_empty() {
            return Ok(());
        }
        self.tx
            .inputs(needs, &self.bench.registry, &mut self.inputs)
            .await?;
        for in_hand in self.cases.values().filter(|in_hand| in_hand.is_changed()) {
            in_hand.refresh(&mut self.inputs, &self.bench.registry);
        }
        self.writes.count_into(&mut self.inputs, needs);
        Ok(())
    }
}
