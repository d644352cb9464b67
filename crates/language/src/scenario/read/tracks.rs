//! `then: { tracks: { board: approved } }`: where each track is.

use countersign_core::workflow::{State, StateKind};

use crate::{diagnostic::Code, scenario::suite::Wants, source::Span, yaml::Yaml};

use super::Reader;

impl Reader<'_> {
    pub(super) fn tracks(&self, yaml: &Yaml) -> Vec<(Span, Wants)> {
        let entries = self.file.mapping(yaml, "`tracks`").iter();
        entries
            .filter_map(|entry| {
                let track = self.track(&entry.key.text, entry.key.span)?;
                let text = self.file.word(&entry.value, "a state of the track")?;
                let inner = format!("{}.{text}", track.path);
                let states = &self.workflow.states;
                let found = states.find(&inner).or_else(|| states.find(text));
                if found.is_none() {
                    let inside = states
                        .iter()
                        .filter(|state| state.path.is_in(track.path.as_str()));
                    let known: Vec<&str> = inside.map(|state| state.name.as_str()).collect();
                    let message = format!("there is no state `{text}` in track `{}`", track.path);
                    self.file.unknown(
                        Code::NoSuchState,
                        entry.value.span,
                        message,
                        text,
                        known.into_iter(),
                    );
                }
                let wants = Wants::Track {
                    track: track.path.to_string(),
                    state: found?.path.to_string(),
                };
                Some((entry.value.span, wants))
            })
            .collect()
    }

    /// A track by its path, or by its own name where only one has it.
    fn track(&self, text: &str, span: Span) -> Option<&State> {
        let states = &self.workflow.states;
        let is_track = |state: &&State| {
            let outer = state.parent.map(|outer| states.get(outer).kind);
            outer == Some(StateKind::Tracks)
        };
        let mut tracks = states.iter().filter(is_track);
        let found = tracks.find(|track| track.path.as_str() == text || *track.name == *text);
        if found.is_none() {
            let message = format!("there is no track `{text}`");
            let known = states.iter().filter(is_track);
            let known: Vec<&str> = known.map(|track| track.name.as_str()).collect();
            self.file
                .unknown(Code::NoSuchState, span, message, text, known.into_iter());
        }
        found
    }
}
