//! A web server for one test: hands out the files of a directory over the loopback interface.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};

/// The address that fixtures and transcripts name in place of the real one, which has as many digits.
pub const ADDRESS: &str = "127.0.0.1:40000";

/// Serves `directory` for as long as the test runs, and answers with the address. `NAME.redirect` holds where `/NAME` sends;
/// what was asked for is added to `requests`, a line each.
#[must_use]
pub fn serve(directory: PathBuf, requests: PathBuf) -> String {
    // The kernel gives out ports of five digits.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that goes away in the middle is its own test's matter.
            let _ = answer(&stream, &directory, &requests);
        }
    });
    address
}

fn answer(mut stream: &TcpStream, directory: &Path, requests: &Path) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    let target = request.split(' ').nth(1).unwrap_or("/");
    let path = target.split('?').next().unwrap_or_default().trim_start_matches('/');
    writeln!(std::fs::OpenOptions::new().create(true).append(true).open(requests)?, "{}", request.trim())?;
    let is_inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let place = directory.join(path);
    let redirect = std::fs::read_to_string(directory.join(format!("{path}.redirect")));
    let (status, headers, body) = match (redirect, std::fs::read(&place)) {
        (Ok(elsewhere), _) if is_inside => ("302 Found", format!("Location: {}\r\n", elsewhere.trim()), Vec::new()),
        (_, Ok(body)) if is_inside => ("200 OK", String::new(), body),
        _ => ("404 Not Found", String::new(), b"no such file\n".to_vec()),
    };
    let length = body.len();
    write!(stream, "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n")?;
    stream.write_all(&body)
}
