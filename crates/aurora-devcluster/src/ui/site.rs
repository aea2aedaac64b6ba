//! What every page can use.

use super::templates::Templates;
use crate::layout::Layout;
use crate::scheduler::Scheduler;

/// What every page can use.
pub(crate) struct Site {
    pub(crate) scheduler: Scheduler,
    pub(crate) cluster_name: String,
    pub(crate) layout: Layout,
    pub(crate) templates: Templates,
}
