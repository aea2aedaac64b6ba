//! Signing in by Kerberos, with tickets of a real KDC. Without one these tests are left out, by name.

#[cfg(feature = "kerberos")]
mod scene;
#[cfg(feature = "kerberos")]
mod tickets;

#[cfg(not(feature = "kerberos"))]
#[test]
#[ignore = "needs the cargo feature `kerberos`: cargo test -p aurora-rpc --features kerberos"]
fn tickets() {
    panic!("this build has no Kerberos");
}
