//! Ports for servers that have to be given one.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

/// Addresses of this machine at which nothing listens right now. Another program may take one before it is used.
pub fn free_addresses(count: usize) -> Vec<SocketAddr> {
    let listen = |_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let listeners: Vec<_> = (0..count).map(listen).collect();
    let address = |listener: &TcpListener| listener.local_addr().unwrap();
    listeners.iter().map(address).collect()
}

/// One of [`free_addresses`].
pub(crate) fn free_address() -> SocketAddr {
    free_addresses(1)[0]
}
