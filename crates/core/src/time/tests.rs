//! Lengths, periods, local times and recurring times, rule by rule.
