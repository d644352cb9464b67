//! Read a reference list: what fields that pick from it may hold now. What a case has picked is its own copy.

use std::sync::Arc;

use countersign_core::{
    context::{Inputs, List, Needs},
    name::Name,
};

use crate::{Engine, Error};

impl Engine {
    /// The list of this name as it is now; `None`: none was published.
    pub async fn list(&self, name: &Name) -> Result<Option<Arc<List>>, Error> {
        let needs = Needs {
            lists: [name.clone()].into(),
            ..Needs::default()
        };
        let mut inputs = Inputs::default();
        self.reader
            .inputs(&needs, &self.registry, &mut inputs)
            .await?;
        Ok(inputs.lists.remove(name))
    }
}
