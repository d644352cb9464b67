//! What attackers would like of the pages: that another site acts through somebody's browser, that a text runs, that whoever
//! opens all links of a mail decides something.

mod cross_site;
mod given;
mod reassigned;
mod scanners;
mod stored;
