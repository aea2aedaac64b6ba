//! Where the output of processes goes.

use super::prelude::*;

declare! {
    /// Where the output of a process goes.
    #[derive(Eq, Copy)]
    struct Logger = "Logger" {
        /// The destination of the output.
        destination, with_destination: [one_of LoggerDestination] default(LoggerDestination::File);
        /// Whether log files are rotated.
        mode, with_mode: [one_of LoggerMode] default(LoggerMode::Standard);
        /// How they are rotated. Required with the mode `rotate`, because released executors need it.
        rotate, with_rotate: [maybe of RotatePolicy] optional;
    }

    /// How log files are rotated. Used only with the mode `rotate`.
    #[derive(Eq, Copy)]
    struct RotatePolicy = "RotatePolicy" {
        /// Size in bytes at which a log file is rotated.
        log_size, with_log_size: [bytes] default(100 << 20);
        /// How many rotated files are kept.
        backups, with_backups: [int] default(5);
    }
}

declare_enumeration! {
    /// Where the output of a process goes.
    enum LoggerDestination {
        /// To files in the log folder of the process.
        File = "file",
        /// To the output of the executor.
        Console = "console",
        /// To both.
        Both = "both",
        /// Nowhere.
        None = "none",
    }

    /// Whether log files are rotated.
    enum LoggerMode {
        /// They grow without limit.
        Standard = "standard",
        /// They are rotated according to the `RotatePolicy`.
        Rotate = "rotate",
    }
}
