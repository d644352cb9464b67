//! Texts filled in for readers.
