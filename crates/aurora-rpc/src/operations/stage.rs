//! How far an operation has come that makes one call.

/// How far an operation has come that makes one call which changes something. Operations report each
/// stage as it begins, so that a program knows what to say when it drops one half-way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Stage {
    /// The call was not made. Hooks may be running.
    #[default]
    NotSent,
    /// The call was made and has not been answered: whether the scheduler carried it out is not known.
    Sent,
    /// The scheduler carried it out. Hooks may be running.
    CarriedOut,
}
