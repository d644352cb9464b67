//! The codes of findings. Each has a page in `docs/errors/`; a code never changes its meaning.

/// Whether a finding keeps a workflow from being used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The workflow cannot be used.
    Error,
    /// It can, but somebody should look.
    Warning,
    /// Nothing is wrong; it says what was not looked at.
    Note,
}

macro_rules! codes {
    ($($name:ident $code:literal $meaning:literal)*) => {
        /// What kind of finding it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $meaning] $name,)*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// As people and machines quote it, for example `E101`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What it means, in one sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)* }
            }
        }
    };
}

codes! {
    NotYaml "E001" "The text is not YAML."
    Tab "E002" "A tab stands where YAML wants spaces."
    TooLarge "E003" "The file is too large, too deep or has too many parts."
    Anchor "E004" "Anchors, aliases and merge keys are not part of the language."
    DuplicateKey "E005" "The same name occurs twice in one mapping."
    Documents "E006" "A file holds exactly one document."
    UnknownKeyword "E101" "There is no such keyword here."
    Tag "E102" "YAML reads `!` as a tag, so what follows would be lost."
    WrongShape "E103" "A text, a list or a mapping was expected here, and it is another of them."
    MissingKeyword "E104" "A keyword that is compulsory is missing."
    ExclusiveKeywords "E105" "These keywords exclude each other."
    NotAName "E106" "An id is a name in `snake_case`."
    BadValue "E107" "This value cannot stand here."
    ReservedName "E108" "The expression language reserves this name."
    NoSuchState "E201" "There is no such state."
    NoSuchRole "E202" "There is no such role."
    NobodyMayDoIt "E203" "An action does not say who may do it."
    NotRequirable "E204" "Nothing of that name can be required."
    NotALength "E205" "This is not a length of time."
    NoSuchMessage "E206" "There is no such message."
    NoWayOut "E207" "A case can never leave this state."
    NoStart "E208" "A state with inner states needs a `start` among them."
    Unreachable "E209" "No case can ever reach this state."
    NoSuchList "E210" "There is no such list."
    VotesMaySplit "E211" "Reviewers can split their votes so that nothing is decided."
    EmptyGroup "E212" "The group has no members."
    AllExcluded "E213" "Everybody in `by` is excluded, so nobody could vote."
    NoOtherwise "E214" "A conditional `to` ends with `otherwise`."
    StateDisappeared "E215" "A state disappeared, and `migrate` does not say where its cases go."
    NotToBeAwaited "E216" "`as_soon_as` reads the clock, or a ring of them is true for ever."
    NobodyFills "E217" "A form is required that nobody can fill."
    NameTaken "E218" "Two things share one name."
    ShowsPrivate "E219" "A text shown to somebody reads a field that is private to others."
    NoSuchFile "E220" "There is no such file."
    NoSuchWorkflow "E221" "There is no such workflow."
    NoSuchThing "E222" "There is no form, field, material or link of that name."
    NoSuchAction "E223" "There is no action or decision of that name."
    NoCalendar "E224" "There is no such calendar."
    BadReview "E225" "A review stands where none can be held."
    OutsideReview "E226" "Votes are read where no review is running."
    BadEntry "E227" "An entry of a list does not fit the list's fields."
    NotInTest "E228" "The test declares no person, case or kept link of that name."
    OtherTrack "E229" "A way leads from one track into another."
    ChildCannotEnd "E230" "A child case could not end with its parent."
    NoEnd "E231" "No end can be reached from this state."
    NobodyCan "E232" "Nobody can ever take this action or decision."
    QuorumTooLarge "E233" "A decision needs more votes than there can be people."
    MayBeStuck "E234" "A case can come to where nothing leads on."
    NotAnExpression "E300" "This is not an expression."
    UnknownName "E301" "The expression uses a name that is not known here."
    UnknownField "E302" "There is no such field."
    FieldOfList "E303" "A field is used on something that has none, such as a list."
    NotSearchable "E304" "Only lists can be searched."
    NoMaxItems "E305" "A searched list has no upper limit."
    TooCostly "E306" "The expression could need too many steps."
    NeverMatch "E307" "These types never match."
    WrongType "E308" "The expression gives another type than is needed here."
    NamesNothing "E309" "A text in an expression names no state or action."
    RowsOverlap "E310" "Rows of a table overlap."
    TableHasGap "E311" "A table has no row for some record."
    NeverTrue "E312" "A condition is never true, or never decides."
    NotAnalysed "N501" "This is not analysed."
    MissingTranslation "W401" "A text is missing in one of the languages."
    Untested "W402" "No scenario takes this action, decision or timer."
    NobodyIsTold "W403" "Nobody is told when this state is entered."
    TimerMayBePast "W404" "An `at` timer would fire at once when its state is entered again."
    Overrides "W405" "The file declares what `shared.yaml` declares too, and wins."
    MayWaitForEver "W406" "Somebody may wait for ever for people who may not be there."
    LookAlike "W407" "Two actions of the same title can be offered at once."
    TimersMeet "W408" "Two `as_soon_as` timers of one state can be true at once."
    HidesNothing "W409" "`hide` of this role hides nothing: its people are the starter's side."
}

impl Code {
    /// Codes with `E` keep a workflow from being used, codes with `W` and `N` do not.
    pub fn severity(self) -> Severity {
        match self.as_str().as_bytes().first() {
            Some(b'W') => Severity::Warning,
            Some(b'N') => Severity::Note,
            _ => Severity::Error,
        }
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_in_order_and_say_their_severity() {
        let order: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert!(order.is_sorted_by(|a, b| a < b), "{order:?}");
        assert_eq!(Code::UnknownKeyword.severity(), Severity::Error);
        assert_eq!(Code::MissingTranslation.severity(), Severity::Warning);
    }
}
