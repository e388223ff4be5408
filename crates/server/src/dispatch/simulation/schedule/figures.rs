//! What happened in schedules, by the number.

use std::ops::AddAssign;

/// What happened in schedules.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::dispatch::simulation) struct Figures {
    pub(in crate::dispatch::simulation) dubs: u64,
    pub(in crate::dispatch::simulation) orders: u64,
    pub(in crate::dispatch::simulation) crashes: u64,
    pub(in crate::dispatch::simulation) approved: u64,
    pub(in crate::dispatch::simulation) succeeded: u64,
    pub(in crate::dispatch::simulation) unconfirmed: u64,
    pub(in crate::dispatch::simulation) cancelled: u64,
    pub(in crate::dispatch::simulation) deleted: u64,
    pub(in crate::dispatch::simulation) adopted: u64,
    /// Booked as paid twice or too late.
    pub(in crate::dispatch::simulation) unwanted: u64,
}

impl AddAssign for Figures {
    fn add_assign(&mut self, more: Self) {
        self.dubs += more.dubs;
        self.orders += more.orders;
        self.crashes += more.crashes;
        self.approved += more.approved;
        self.succeeded += more.succeeded;
        self.unconfirmed += more.unconfirmed;
        self.cancelled += more.cancelled;
        self.deleted += more.deleted;
        self.adopted += more.adopted;
        self.unwanted += more.unwanted;
    }
}
