//! Calls of a subscription that were given up are a matter of the subscription, told of by one incident of its own: those of
//! each call are settled. Why it is disabled is stored by a name, so that it is told in any language.

use crate::statements::migration;

migration!();

const TABLES: [&str; 2] = [
    "UPDATE incidents SET settled_at = since WHERE settled_at IS NULL
         AND delivery_id IN (SELECT id FROM deliveries WHERE receiver LIKE 'hook:webhook:%')",
    "UPDATE webhooks SET disabled = CASE disabled
             WHEN 'by an administrator' THEN '\"by_hand\"'
             WHEN 'it answered 410: it wants no more calls' THEN '\"unwanted\"'
             ELSE '\"nothing_arrives\"' END
         WHERE disabled IS NOT NULL",
];
