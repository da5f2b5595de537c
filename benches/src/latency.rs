//! A proxy whose answers come late: what the way to a cloud costs, before a server on this machine.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// A proxy that lives as long as this process.
#[derive(Debug)]
pub struct Late {
    /// Where it answers, `http://127.0.0.1:PORT`.
    pub endpoint: String,
    answers: Arc<AtomicU64>,
}

impl Late {
    /// Stands before `server`, `http://127.0.0.1:PORT`. Each answer comes `latency` later; many can be on their way at a
    /// time.
    ///
    /// # Errors
    /// There is no port to be had.
    pub fn before(server: &str, latency: Duration) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let answers = Arc::new(AtomicU64::new(0));
        let (server, count) = (server.trim_start_matches("http://").to_owned(), answers.clone());
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // A server that is gone is seen by the client, whose connection closes.
                if let Ok(server) = TcpStream::connect(&server) {
                    let _ = connect(&client, &server, latency, &count);
                }
            }
        });
        Ok(Self { endpoint, answers })
    }

    /// How many answers there were since this was last asked.
    pub fn answers(&self) -> u64 {
        self.answers.swap(0, Ordering::Relaxed)
    }
}

/// Joins a client and a server until either goes.
fn connect(client: &TcpStream, server: &TcpStream, latency: Duration, answers: &Arc<AtomicU64>) -> std::io::Result<()> {
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut asks, mut asked) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || {
        let _ = std::io::copy(&mut asks, &mut asked);
        let _ = asked.shutdown(Shutdown::Write);
    });
    let (mut answering, answered, answers) = (server.try_clone()?, client.try_clone()?, answers.clone());
    let (due, later) = channel();
    thread::spawn(move || deliver(&later, answered));
    thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(read @ 1..) = answering.read(&mut buffer) {
            let bytes = buffer.get(..read).unwrap_or_default().to_vec();
            if bytes.starts_with(b"HTTP/1.") {
                answers.fetch_add(1, Ordering::Relaxed);
            }
            if due.send((Instant::now() + latency, bytes)).is_err() {
                break;
            }
        }
    });
    Ok(())
}

/// Hands on what has been answered, each part when its time has come.
fn deliver(parts: &Receiver<(Instant, Vec<u8>)>, mut client: TcpStream) {
    for (when, bytes) in parts {
        thread::sleep(when.saturating_duration_since(Instant::now()));
        if client.write_all(&bytes).is_err() {
            break;
        }
    }
    let _ = client.shutdown(Shutdown::Both);
}
