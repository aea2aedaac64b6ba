//! Runs of the command with nothing of the tester's environment, whose results have to be looked at.
//!
//! ```
//! use aurora_testkit::command::Home;
//!
//! // `env!("CARGO_BIN_EXE_aurora")` in the tests of the command.
//! let home = Home::of("/bin/echo");
//! home.run(&["job", "list"]).succeeded().says("job list");
//! assert_eq!(home.show(&["job"]), "exit 0\n--- stdout\njob\n");
//! ```

mod clock;
mod home;
mod port;
mod run;

pub use clock::{Answer, ClockServer, Waits};
pub use home::Home;
pub use port::ReservedPort;
pub use run::{CheckedRun, Run};
