//! Judging steps while the versions after them are taken in.
//!
//! How much a step matters is asked of the paragraphs that changed and of nothing else, so it need not be known
//! before the next version comes. What is said is kept by the version's number, so that it is the same on any
//! number of threads.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use super::significance::{Judged, Step};

/// So many steps wait to be judged at most: a step holds what changed on both sides.
const MOST_WAITING: usize = 64;

type Answer = (u32, thread::Result<Judged>);

/// The steps of one history that are being judged.
pub(super) struct Judging {
    sender: Sender<Answer>,
    receiver: Receiver<Answer>,
    waiting: usize,
    done: Vec<(u32, Judged)>,
}

impl Judging {
    pub fn new() -> Self {
        let (sender, receiver) = channel();
        Self { sender, receiver, waiting: 0, done: Vec::new() }
    }

    /// Takes the step that leads to the version of this number.
    pub fn take(&mut self, number: u32, step: Step) {
        while let Ok(answer) = self.receiver.try_recv() {
            self.keep(answer);
        }
        if self.waiting >= MOST_WAITING {
            self.done.push((number, step.judge()));
            return;
        }
        self.waiting += 1;
        let sender = self.sender.clone();
        rayon::spawn(move || {
            let judged = catch_unwind(AssertUnwindSafe(|| step.judge()));
            // Nobody waits for the answers of a history that was given up.
            let _ = sender.send((number, judged));
        });
    }

    /// Returns how much each step matters that was taken, by the numbers of the versions.
    pub fn finish(mut self) -> Vec<(u32, Judged)> {
        while self.waiting > 0
            && let Ok(answer) = self.receiver.recv()
        {
            self.keep(answer);
        }
        self.done.sort_unstable_by_key(|&(number, _)| number);
        self.done
    }

    fn keep(&mut self, (number, judged): Answer) {
        self.waiting -= 1;
        match judged {
            Ok(judged) => self.done.push((number, judged)),
            Err(panic) => resume_unwind(panic),
        }
    }
}
