//! What goes on while an ssh runs: terminals, tunnels, Ctrl-C.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Child;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use aurora_testkit::command::Run;
use aurora_testkit::until;

use super::{Cluster, KEY};

fn interrupt(child: &Child) {
    let pid = Pid::from_raw(child.id().try_into().unwrap());
    kill(pid, Signal::SIGINT).unwrap();
}

fn end(child: Child) -> Run {
    child.wait_with_output().unwrap().into()
}

/// Command lines of ssh clients that hold `text`.
fn clients_with(text: &str) -> usize {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let lines = processes.filter_map(|it| fs::read_to_string(it.path().join("cmdline")).ok());
    lines
        .filter(|line| line.starts_with("ssh\0") && line.contains(text))
        .count()
}

#[test]
fn the_exit_status_of_ssh_is_passed_on() {
    let Some((cluster, _sshd)) = Cluster::start(&["localhost", "localhost"]) else {
        return;
    };
    let ended = cluster.run(
        "ssh",
        &["-c", "echo in {{mesos.instance}}; exit 7", KEY, "1"],
    );
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(7), "in 1\n"));
    assert!(
        ended
            .stderr
            .ends_with(" INFO] Command terminated with error code 7\n"),
        "{ended:?}"
    );
    let ended = cluster.run("ssh", &["-c", "kill -9 $$", &format!("{KEY}/0")]);
    assert_eq!(
        ended.code,
        Some(255),
        "so does ssh tell a signal of the other side"
    );
    let ended = cluster.run("ssh", &[&format!("{KEY}/5")]);
    insta::assert_snapshot!(ended.stderr, @r"
    Job west/www/prod/web not found

    hint: `aurora job status west/www/prod/web` shows the instances that run
    ");
    assert_eq!(ended.code, Some(6));
}

#[test]
fn a_shell_in_the_sandbox_reads_what_is_typed() {
    let Some((cluster, _sshd)) = Cluster::start(&["localhost"]) else {
        return;
    };
    let mut child = cluster.spawn("ssh", &[KEY, "0"]);
    let mut typed = child.stdin.take().unwrap();
    typed.write_all(b"basename $PWD\nexit 3\n").unwrap();
    let ended = end(child);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(3), "sandbox\n"));
}

#[test]
fn a_tunnel_leads_to_a_port_of_the_task() {
    let behind = TcpListener::bind("127.0.0.1:0").unwrap();
    let http = behind.local_addr().unwrap().port();
    let Some((cluster, _sshd)) = Cluster::with_port(&["127.0.0.1"], http) else {
        return;
    };
    std::thread::spawn(move || {
        for stream in behind.incoming() {
            let _ = stream.unwrap().write_all(b"through the tunnel");
        }
    });
    let local = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = local.local_addr().unwrap().port();
    drop(local);
    let tunnel = format!("{port}:http");
    let mut child = cluster.spawn("ssh", &["-L", &tunnel, "-c", "cat", KEY, "0"]);
    let mut seen = String::new();
    until("the tunnel", || {
        let stream = TcpStream::connect(("127.0.0.1", port));
        stream.is_ok_and(|mut stream| stream.read_to_string(&mut seen).is_ok()) && !seen.is_empty()
    });
    assert_eq!(seen, "through the tunnel");
    drop(child.stdin.take());
    assert_eq!(end(child).code, Some(0));

    for (tunnel, text) in [
        (
            "8080:admin",
            "Task 1-www-prod-web-0-a has no port named admin\n",
        ),
        (
            "http",
            "Could not parse tunnel: http.  Must be of form PORT:NAME\n",
        ),
        (
            "0:http",
            "Could not parse tunnel: 0:http.  Must be of form PORT:NAME\n",
        ),
    ] {
        let ended = cluster.run("ssh", &["-L", tunnel, KEY, "0"]);
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(6), text));
    }
}

#[test]
fn ctrl_c_is_for_the_other_side_of_a_session() {
    let Some((cluster, _sshd)) = Cluster::start(&["localhost"]) else {
        return;
    };
    let (there, go) = (cluster.shared("there"), cluster.shared("go"));
    let command = format!(
        "touch {}; until [ -e {} ]; do sleep 0.05; done; echo went on",
        there.display(),
        go.display()
    );
    let child = cluster.spawn("ssh", &["-c", &command, KEY, "0"]);
    until("the session", || there.exists());
    interrupt(&child);
    fs::write(go, "").unwrap();
    let ended = end(child);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), "went on\n"));
}

#[test]
fn an_interrupted_run_ends_its_sshs_and_tells_how_far_it_came() {
    let Some((cluster, _sshd)) = Cluster::start(&["a.example", "b.example", "c.example"]) else {
        return;
    };
    let there = cluster.shared("there");
    // Instance 0 ends, instance 1 does not, and instance 2 is never begun.
    let command = format!(
        "[ {{{{mesos.instance}}}} = 0 ] && exit; touch {0}; until [ -e {0}.no ]; do sleep 0.05; done",
        there.display()
    );
    let child = cluster.spawn("run", &[KEY, &command]);
    until("the second instance", || there.exists());
    let text = there.display().to_string();
    assert_eq!(clients_with(&text), 1);
    interrupt(&child);
    let ended = end(child);
    assert_eq!(ended.code, Some(130));
    insta::assert_snapshot!(ended.stderr, @r"
    ERROR] Command interrupted by user
    	Finished on a.example (instance 0); interrupted on b.example (instance 1); not started on c.example (instance 2)
    ");
    until("the ssh to end", || clients_with(&text) == 0);
    // Lets the command on the other side end, too.
    fs::write(there.with_extension("no"), "").unwrap();
}
