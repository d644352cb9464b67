//! How PostgreSQL keeps the tables whose rows change or go all the time: room on each page for the next version of a row,
//! and a vacuum that comes after a thousand dead rows and does not pause.

use crate::statements::migration;

migration!(on_postgres);

const POSTGRES: [&str; 6] = [
    "ALTER TABLE heads SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02)",
    "ALTER TABLE cases SET (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02)",
    "ALTER TABLE timers SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01,
         autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0)",
    "ALTER TABLE waiting SET (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.01,
         autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0)",
    "ALTER TABLE deliveries SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01,
         autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0)",
    "ALTER TABLE numbers SET (fillfactor = 10, autovacuum_vacuum_scale_factor = 0,
         autovacuum_vacuum_threshold = 100, autovacuum_vacuum_cost_delay = 0)",
];
