//! `copydesk lsp`: what does an editor see while a document is written?
//!
//! The answer is the same [`Report`](copydesk::Report) as that of `check`, in the words of the Language
//! Server Protocol 3.17. One thread reads messages ([`wire`]), one checks documents against the other files
//! of their folder ([`checking`]), and the main one keeps the [documents](text) that are open, answers
//! ([`server`]) and puts findings into the protocol's words ([`told`]).
//!
//! Nothing that a client sends ends the server but `exit` and the end of its input: what is no JSON, no
//! request or of no known method is answered with the error that JSON-RPC has for it. Standard output
//! belongs to the protocol alone.
//!
//! The protocol's crates are not used: `lsp-server` ends at the first message that is broken, and
//! `lsp-types` had no release since 2024. What is needed of both is little.

mod address;
mod checking;
mod server;
mod text;
mod told;
mod wire;

use std::io;
use std::sync::mpsc;
use std::thread;

use crate::exit::Exit;
use server::Server;
use wire::Incoming;

/// What happens to the server.
enum Event {
    /// The client sent something.
    Incoming(Incoming),
    /// A document was checked against its folder.
    Checked(checking::Checked),
}

/// Serves the client on standard input and output until it goes.
pub fn run() -> Exit {
    let (events, happening) = mpsc::channel();
    let checked = events.clone();
    let worker = checking::Worker::start(move |result| {
        // Where nobody listens any more the server has ended.
        let _ = checked.send(Event::Checked(result));
    });
    thread::spawn(move || {
        let mut input = io::stdin().lock();
        loop {
            let incoming = wire::read(&mut input);
            let ended = matches!(incoming, Incoming::Ended);
            if events.send(Event::Incoming(incoming)).is_err() || ended {
                return;
            }
        }
    });
    let mut server = Server::new(worker);
    loop {
        // What was written is checked when nothing more waits to be read.
        let event = match happening.try_recv() {
            Ok(event) => event,
            Err(_) => {
                server.catch_up();
                match happening.recv() {
                    Ok(event) => event,
                    Err(_) => return Exit::Findings,
                }
            }
        };
        let ended = match event {
            Event::Incoming(Incoming::Ended) => Some(server.ended()),
            Event::Incoming(incoming) => server.take(incoming),
            Event::Checked(checked) => {
                server.checked(checked);
                None
            }
        };
        if !server.send() {
            return Exit::Trouble;
        }
        if let Some(exit) = ended {
            return exit;
        }
    }
}
