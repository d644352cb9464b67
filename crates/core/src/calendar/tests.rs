//! Working days against the calendar of an office.
