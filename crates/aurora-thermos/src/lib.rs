//! Runs the processes of one Apache Aurora task on this machine, as Thermos does
