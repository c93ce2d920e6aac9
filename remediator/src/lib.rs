//! Puts right what an audit found: which changes a finding asks for, what each reads and writes, and the way back.
//!
//! A change is data, so that it can be shown, written to a plan and to a journal, and carried out or undone by another run.
//! Nothing is written over a value that changed since it was read, evidence is never deleted, and what exists is merged.
//!
//! | module | room for |
//! |---|---|
//! | [`change`] | one change of one object: what it is called, costs and cannot undo |
//! | [`mod@state`] | what a change reads before and after, and what it writes |
//! | [`planning`] | from the findings of an account to its steps, in a safe order |
//! | [`execution`] | carrying steps out and undoing them |
//! | [`journal`] | what a run did, written before each write |

pub mod change;
pub mod execution;
pub mod journal;
pub mod planning;
pub mod state;

pub use change::{Change, Step};
pub use execution::{Outcome, apply, undo};
pub use journal::{Journal, JournalError};
pub use planning::{NotAutomatic, Proposal, propose};
