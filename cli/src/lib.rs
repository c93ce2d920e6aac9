//! The alitrail command.
