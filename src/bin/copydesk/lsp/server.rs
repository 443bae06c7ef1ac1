//! Keeps what is open and answers the client.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};

use super::address;
use super::checking::{Checked, Job, Worker};
use super::text::{Text, Units};
use super::told::Told;
use super::wire::{self, Incoming};
use crate::exit::Exit;

/// The errors of JSON-RPC and of the protocol that are used.
mod code {
    pub const NO_JSON: i32 = -32700;
    pub const NO_REQUEST: i32 = -32600;
    pub const NO_METHOD: i32 = -32601;
    pub const BAD_PARAMETERS: i32 = -32602;
    pub const NOT_INITIALIZED: i32 = -32002;
}

/// A document that is open.
struct Open {
    path: PathBuf,
    format: Option<&'static str>,
    version: i64,
    text: Text,
    /// Whether it changed since it was checked by itself.
    dirty: bool,
    told: Vec<Told>,
}

/// How far the client and we are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    New,
    Serving,
    ShutDown,
}

/// The server's state.
pub struct Server {
    worker: Worker,
    stage: Stage,
    units: Units,
    folders: Vec<PathBuf>,
    open: BTreeMap<String, Open>,
    /// What is wrong with the settings, as it was told last.
    complaint: String,
    outgoing: Vec<Value>,
}

/// An answer to a request: a result, or a code and a message.
type Answer = Result<Value, (i32, String)>;

impl Server {
    /// Returns a server that nobody has initialized.
    pub const fn new(worker: Worker) -> Self {
        Self {
            worker,
            stage: Stage::New,
            units: Units::Utf16,
            folders: Vec::new(),
            open: BTreeMap::new(),
            complaint: String::new(),
            outgoing: Vec::new(),
        }
    }

    /// Writes what waits to be sent; returns whether the client is still there.
    pub fn send(&mut self) -> bool {
        let mut out = io::stdout().lock();
        self.outgoing.drain(..).all(|message| wire::write(&message, &mut out).is_ok())
    }

    /// Returns how it ends when the client is gone.
    pub fn ended(&self) -> Exit {
        if self.stage == Stage::ShutDown { Exit::Clean } else { Exit::Findings }
    }

    /// Takes what the client sent; returns the exit status when that is `exit`.
    pub fn take(&mut self, incoming: Incoming) -> Option<Exit> {
        let message = match incoming {
            Incoming::Message(message) => message,
            Incoming::Broken(why) => {
                self.refuse(&Value::Null, code::NO_JSON, &why);
                return None;
            }
            Incoming::Ended => return Some(self.ended()),
        };
        let id = message.get("id").cloned();
        let Some(method) = message.get("method").and_then(Value::as_str) else {
            // An answer to something that was never asked is nothing; anything else is no request.
            let answers = id.is_some() && (message.get("result").is_some() || message.get("error").is_some());
            if !answers {
                self.refuse(&id.unwrap_or(Value::Null), code::NO_REQUEST, "no request: it names no method");
            }
            return None;
        };
        let parameters = message.get("params").unwrap_or(&Value::Null);
        let Some(id) = id else {
            return self.notified(method, parameters);
        };
        match self.answer(method, parameters) {
            Ok(result) => self.outgoing.push(json!({"jsonrpc": "2.0", "id": id, "result": result})),
            Err((code, message)) => self.refuse(&id, code, &message),
        }
        None
    }

    fn refuse(&mut self, id: &Value, code: i32, message: &str) {
        let error = json!({"code": code, "message": message});
        self.outgoing.push(json!({"jsonrpc": "2.0", "id": id, "error": error}));
    }

    fn answer(&mut self, method: &str, parameters: &Value) -> Answer {
        match (self.stage, method) {
            (Stage::New, "initialize") => Ok(self.initialize(parameters)),
            (Stage::New, _) => Err((code::NOT_INITIALIZED, "initialize comes first".to_owned())),
            (Stage::ShutDown, _) => Err((code::NO_REQUEST, "after shutdown only exit comes".to_owned())),
            (Stage::Serving, "shutdown") => {
                self.stage = Stage::ShutDown;
                Ok(Value::Null)
            }
            (Stage::Serving, "textDocument/codeAction") => self.quick_fixes(parameters),
            (Stage::Serving, "textDocument/hover") => self.hover(parameters),
            (Stage::Serving, _) => Err((code::NO_METHOD, format!("no method is called {method}"))),
        }
    }

    fn initialize(&mut self, parameters: &Value) -> Value {
        self.stage = Stage::Serving;
        let encodings =
            parameters.pointer("/capabilities/general/positionEncodings").and_then(Value::as_array);
        if encodings.is_some_and(|known| known.iter().any(|one| one == "utf-8")) {
            self.units = Units::Utf8;
        }
        let folders = parameters.get("workspaceFolders").and_then(Value::as_array);
        let named = folders.into_iter().flatten().filter_map(|folder| folder.get("uri"));
        self.folders = named.filter_map(Value::as_str).filter_map(address::path).collect();
        if self.folders.is_empty() {
            let root = parameters.get("rootUri").and_then(Value::as_str).and_then(address::path);
            let older = || parameters.get("rootPath").and_then(Value::as_str).map(PathBuf::from);
            self.folders.extend(root.or_else(older));
        }
        let encoding = if self.units == Units::Utf8 { "utf-8" } else { "utf-16" };
        json!({
            "capabilities": {
                "positionEncoding": encoding,
                "textDocumentSync": {"openClose": true, "change": 2, "save": {"includeText": false}},
                "codeActionProvider": {"codeActionKinds": ["quickfix"]},
                "hoverProvider": true,
                "workspace": {"workspaceFolders": {"supported": true, "changeNotifications": true}},
            },
            "serverInfo": {"name": "copydesk", "version": env!("CARGO_PKG_VERSION")},
        })
    }

    fn notified(&mut self, method: &str, parameters: &Value) -> Option<Exit> {
        if method == "exit" {
            return Some(self.ended());
        }
        if self.stage != Stage::Serving {
            return None;
        }
        // Nobody waits for an answer to a notification: one that says nothing is left aside.
        let _ = match method {
            "textDocument/didOpen" => self.opened(parameters),
            "textDocument/didChange" => self.changed(parameters),
            "textDocument/didSave" => self.saved(parameters),
            "textDocument/didClose" => self.closed(parameters),
            "workspace/didChangeWorkspaceFolders" => self.folders_changed(parameters),
            _ => None,
        };
        None
    }

    fn opened(&mut self, parameters: &Value) -> Option<()> {
        let document = parameters.get("textDocument")?;
        let uri = document.get("uri")?.as_str()?.to_owned();
        let text = Text::new(document.get("text")?.as_str()?);
        let version = document.get("version").and_then(Value::as_i64).unwrap_or(0);
        let format = match document.get("languageId").and_then(Value::as_str).unwrap_or_default() {
            "markdown" | "mdx" => Some("markdown"),
            "html" => Some("html"),
            "plaintext" => Some("plaintext"),
            _ => None,
        };
        // A document that was never saved has no path, and stands in no folder.
        let path =
            address::path(&uri).unwrap_or_else(|| PathBuf::from(format!("/{}", uri.replace('/', "-"))));
        let open = Open { path, format, version, text, dirty: true, told: Vec::new() };
        self.open.insert(uri.clone(), open);
        self.compare(&uri)
    }

    fn changed(&mut self, parameters: &Value) -> Option<()> {
        let units = self.units;
        let open = self.open.get_mut(uri(parameters)?)?;
        let changes = parameters.get("contentChanges")?.as_array()?;
        open.text = open.text.changed(changes, units)?;
        let version = parameters.pointer("/textDocument/version").and_then(Value::as_i64);
        open.version = version.unwrap_or(open.version + 1);
        open.dirty = true;
        Some(())
    }

    fn saved(&mut self, parameters: &Value) -> Option<()> {
        let saved = uri(parameters)?.to_owned();
        self.compare(&saved);
        // What was saved may be what another open document repeats.
        let others: Vec<String> = self.open.keys().filter(|uri| **uri != saved).cloned().collect();
        others.iter().for_each(|uri| {
            self.compare(uri);
        });
        Some(())
    }

    fn closed(&mut self, parameters: &Value) -> Option<()> {
        let uri = uri(parameters)?;
        self.open.remove(uri)?;
        self.publish(uri, Value::Null, Vec::new());
        Some(())
    }

    fn folders_changed(&mut self, parameters: &Value) -> Option<()> {
        let event = parameters.get("event")?;
        let paths = |what: &str| -> Vec<PathBuf> {
            let list = event.get(what).and_then(Value::as_array).into_iter().flatten();
            list.filter_map(|folder| folder.get("uri")?.as_str().and_then(address::path)).collect()
        };
        let removed = paths("removed");
        self.folders.retain(|folder| !removed.contains(folder));
        self.folders.extend(paths("added"));
        Some(())
    }

    fn job(&self, uri: &str) -> Option<Job> {
        let Open { path, format, version, text, .. } = self.open.get(uri)?;
        let others = self.open.iter().filter(|(other, _)| *other != uri);
        Some(Job {
            uri: uri.to_owned(),
            version: *version,
            path: path.clone(),
            format: *format,
            text: Arc::clone(&text.text),
            folders: self.folders.clone(),
            others: others.map(|(_, open)| (open.path.clone(), Arc::clone(&open.text.text))).collect(),
        })
    }

    /// Has the document checked against its folder.
    fn compare(&self, uri: &str) -> Option<()> {
        let job = self.job(uri)?;
        self.worker.take(job);
        Some(())
    }

    /// Checks by itself what changed since it was checked.
    pub fn catch_up(&mut self) {
        let dirty: Vec<String> =
            self.open.iter().filter(|(_, open)| open.dirty).map(|(uri, _)| uri.clone()).collect();
        for uri in dirty {
            let Some(job) = self.job(&uri) else { continue };
            let found = job.alone();
            let Some(open) = self.open.get_mut(&uri) else { continue };
            open.dirty = false;
            match found {
                Ok(found) => {
                    let text = &open.text;
                    let own = found.into_iter().map(|finding| Told::new(finding, text));
                    let beyond: Vec<Told> = open.told.drain(..).filter(|told| told.beyond).collect();
                    let beyond = beyond.into_iter().filter_map(|told| told.moved(text));
                    open.told = own.chain(beyond).collect();
                }
                Err(why) => self.complain(&why),
            }
            self.tell(&uri);
        }
        self.send();
    }

    /// Takes what was found beside the other files.
    pub fn checked(&mut self, checked: Checked) {
        let Checked { uri, version, text, found } = checked;
        let Some(open) = self.open.get_mut(&uri) else { return };
        match found {
            Ok(found) => {
                let text = Text::new(text);
                let told = found.into_iter().map(|finding| Told::new(finding, &text));
                if version == open.version {
                    open.told = told.collect();
                    open.dirty = false;
                } else {
                    // It was changed meanwhile: what it says by itself has been told anew.
                    let beyond = told.filter(|told| told.beyond).filter_map(|told| told.moved(&open.text));
                    open.told.retain(|told| !told.beyond);
                    open.told.extend(beyond);
                }
            }
            Err(why) => self.complain(&why),
        }
        self.tell(&uri);
    }

    /// Says once what is wrong with the settings.
    fn complain(&mut self, why: &str) {
        if self.complaint != why {
            why.clone_into(&mut self.complaint);
            let parameters = json!({"type": 1, "message": format!("copydesk: {why}")});
            let message = json!({"jsonrpc": "2.0", "method": "window/showMessage", "params": parameters});
            self.outgoing.push(message);
        }
    }

    /// Sends what there is to say of a document.
    fn tell(&mut self, uri: &str) {
        let Some(open) = self.open.get(uri) else { return };
        let diagnostics = open.told.iter().map(|told| told.diagnostic(&open.text, uri, self.units)).collect();
        self.publish(uri, json!(open.version), diagnostics);
    }

    fn publish(&mut self, uri: &str, version: Value, diagnostics: Vec<Value>) {
        let mut parameters = json!({"uri": uri, "diagnostics": diagnostics});
        if !version.is_null() {
            parameters["version"] = version;
        }
        let method = "textDocument/publishDiagnostics";
        self.outgoing.push(json!({"jsonrpc": "2.0", "method": method, "params": parameters}));
    }

    fn quick_fixes(&mut self, parameters: &Value) -> Answer {
        self.catch_up();
        let wrong = || (code::BAD_PARAMETERS, "it names no document and range".to_owned());
        let uri = uri(parameters).ok_or_else(wrong)?;
        let range = parameters.get("range").ok_or_else(wrong)?;
        let Some(open) = self.open.get(uri) else { return Ok(json!([])) };
        let range = open.text.bytes(range, self.units).ok_or_else(wrong)?;
        let touched =
            open.told.iter().filter(|told| told.range.start <= range.end && range.start <= told.range.end);
        let fixes = touched.filter_map(|told| told.quick_fix(&open.text, uri, self.units));
        Ok(Value::Array(fixes.collect()))
    }

    fn hover(&mut self, parameters: &Value) -> Answer {
        self.catch_up();
        let wrong = || (code::BAD_PARAMETERS, "it names no document and position".to_owned());
        let uri = uri(parameters).ok_or_else(wrong)?;
        let position = parameters.get("position").ok_or_else(wrong)?;
        let Some(open) = self.open.get(uri) else { return Ok(Value::Null) };
        let at = open.text.byte(position, self.units).ok_or_else(wrong)?;
        let Some(told) = open.told.iter().find(|told| told.range.contains(&at)) else {
            return Ok(Value::Null);
        };
        let range = open.text.range(&told.range, self.units);
        Ok(json!({"contents": {"kind": "plaintext", "value": told.hover()}, "range": range}))
    }
}

/// The document that the parameters are about.
fn uri(parameters: &Value) -> Option<&str> {
    parameters.pointer("/textDocument/uri")?.as_str()
}
