//! An embedded one-machine Apache Aurora scheduler for development
