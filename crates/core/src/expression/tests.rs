//! Expressions, rule by rule.
