//! The other end of the clock of a command under test: it hears of every sleep before the sleep ends.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use super::port::Listening;

/// The sleeps of a command, in seconds. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Waits(Arc<Mutex<Noted>>);

#[derive(Debug, Default)]
struct Noted {
    since_last_exchange: Vec<f64>,
    count: usize,
}

impl Waits {
    /// Notes one, and gives how many that makes in all.
    fn note(&self, seconds: f64) -> usize {
        let mut waits = self.0.lock().unwrap();
        waits.since_last_exchange.push(seconds);
        waits.count += 1;
        waits.count
    }

    /// Those since the last time that this was called.
    pub fn take(&self) -> Vec<f64> {
        std::mem::take(&mut self.0.lock().unwrap().since_last_exchange)
    }
}

/// What becomes of a sleep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Its time is over.
    Passed,
    /// It never ends: the command is about to be interrupted.
    Never,
}

/// The server that a command asks to sleep: one line with the seconds each, answered by one byte at the end.
#[derive(Debug)]
pub struct ClockServer {
    /// Where the command finds it.
    pub address: SocketAddr,
    _listening: Listening,
}

impl ClockServer {
    /// Notes sleeps in `waits` and asks `at_wait`, with the number of the sleep from 1 on, what becomes of it.
    pub fn start(waits: Waits, mut at_wait: impl FnMut(usize) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let listening = Listening::at(listener, move |mut stream: TcpStream| {
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            for line in lines.map_while(Result::ok) {
                let count = waits.note(line.parse().unwrap());
                if at_wait(count) == Answer::Passed && stream.write_all(b".").is_err() {
                    return;
                }
            }
        });
        Self {
            address,
            _listening: listening,
        }
    }
}
