//! A client's session with `copydesk lsp` over standard input and output.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

const STORM: &str = "Mussel growers in the sound lost a third of their ropes in the January storm.";
const PIER: &str =
    "The county will rebuild the pier at Hask before the summer, using oak from its own woods.";

struct Client {
    server: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    asked: u64,
    /// What the server said by itself, in order, and has not been looked at.
    said: Vec<Value>,
}

impl Client {
    fn new() -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_copydesk"))
            .args(["lsp", "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let input = server.stdin.take();
        // A server that does not answer fails the test instead of keeping it waiting.
        let process = server.id().to_string();
        thread::spawn(move || {
            thread::sleep(Duration::from_secs(300));
            let _ = Command::new("kill").arg(process).status();
        });
        let output = BufReader::new(server.stdout.take().unwrap());
        Self { server, input, output, asked: 0, said: Vec::new() }
    }

    /// A session in `folder` with `encodings` on offer.
    fn in_folder(folder: &Path, encodings: &[&str]) -> (Self, Value) {
        let mut client = Self::new();
        let answer = client.ask(
            "initialize",
            json!({
                "processId": null,
                "rootUri": null,
                "workspaceFolders": [{"uri": uri(folder), "name": "news"}],
                "capabilities": {"general": {"positionEncodings": encodings}},
            }),
        );
        client.tell("initialized", json!({}));
        (client, answer["result"].clone())
    }

    fn raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).unwrap();
        input.flush().unwrap();
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    fn tell(&mut self, method: &str, parameters: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": parameters}));
    }

    fn ask(&mut self, method: &str, parameters: Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": parameters}));
        self.answer(&json!(id))
    }

    /// The answer to the request `id`.
    fn answer(&mut self, id: &Value) -> Value {
        loop {
            let message = self.receive();
            if message.get("id") == Some(id) {
                return message;
            }
            self.said.push(message);
        }
    }

    /// The next message; every byte of the output has to belong to one.
    fn receive(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        let length = line.strip_prefix("Content-Length: ").unwrap_or_else(|| panic!("{line:?}"));
        let length = length.trim_end().parse().unwrap();
        line.clear();
        self.output.read_line(&mut line).unwrap();
        assert_eq!(line, "\r\n");
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        let message: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(message["jsonrpc"], "2.0");
        message
    }

    /// The diagnostics of `document` that come next and that `wanted` is waiting for.
    fn diagnostics(&mut self, document: &str, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        loop {
            let message = if self.said.is_empty() { self.receive() } else { self.said.remove(0) };
            if message["method"] != "textDocument/publishDiagnostics" || message["params"]["uri"] != document
            {
                continue;
            }
            let list = message["params"]["diagnostics"].as_array().unwrap();
            if wanted(list) {
                return list.clone();
            }
        }
    }

    fn open(&mut self, document: &str, text: &str) {
        let document = json!({"uri": document, "languageId": "markdown", "version": 1, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// Says goodbye; the server ends with 0, and nothing but the answer comes.
    fn end(mut self) {
        assert_eq!(self.ask("shutdown", Value::Null)["result"], Value::Null);
        assert_eq!(self.ask("textDocument/hover", json!({}))["error"]["code"], -32600);
        self.tell("exit", Value::Null);
        let mut rest = Vec::new();
        self.output.read_to_end(&mut rest).unwrap();
        assert!(rest.is_empty(), "{}", String::from_utf8_lossy(&rest));
        assert_eq!(self.server.wait().unwrap().code(), Some(0));
        let mut errors = String::new();
        self.server.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        assert_eq!(errors, "");
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.to_str().unwrap())
}

fn range(start: (u32, u32), end: (u32, u32)) -> Value {
    json!({
        "start": {"line": start.0, "character": start.1},
        "end": {"line": end.0, "character": end.1},
    })
}

fn codes(list: &[Value]) -> Vec<&str> {
    list.iter().map(|one| one["code"].as_str().unwrap()).collect()
}

#[test]
fn a_repeat_is_told_and_mended_while_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let (mut client, told) = Client::in_folder(folder.path(), &[]);
    assert_eq!(told["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(told["serverInfo"]["name"], "copydesk");
    let document = uri(&folder.path().join("pier.md"));
    let text = format!("# Pier\n\n\u{1f30a} {STORM}\n\n{PIER}\n");
    client.open(&document, &text);
    assert_eq!(client.diagnostics(&document, |_| true), [] as [Value; 0]);

    // Typed at the end of line 4, behind a character of two units.
    let change = json!({"range": range((4, 99), (4, 99)), "text": format!("\n\n\u{1f30a} {STORM}")});
    let identity = json!({"uri": document, "version": 2});
    client.tell("textDocument/didChange", json!({"textDocument": identity, "contentChanges": [change]}));
    let found = client.diagnostics(&document, |list| !list.is_empty());
    assert_eq!(codes(&found), ["repeated-paragraph"]);
    let end = 3 + STORM.len() as u32;
    assert_eq!(found[0]["range"], range((6, 0), (6, end)));
    assert_eq!((&found[0]["severity"], &found[0]["source"]), (&json!(1), &json!("copydesk")));
    let related = &found[0]["relatedInformation"][0];
    assert_eq!(related["location"], json!({"uri": document, "range": range((2, 0), (2, end))}));

    let asked = json!({"textDocument": {"uri": document}, "range": range((6, 5), (6, 5)), "context": {"diagnostics": found}});
    let fixes = client.ask("textDocument/codeAction", asked)["result"].clone();
    assert_eq!(fixes[0]["title"], "remove this repeat");
    assert_eq!(fixes[0]["kind"], "quickfix");
    let edit = fixes[0]["edit"]["changes"][&document][0].clone();
    assert_eq!(edit, json!({"range": range((4, PIER.len() as u32), (6, end)), "newText": ""}));

    let at = json!({"textDocument": {"uri": document}, "position": {"line": 6, "character": 4}});
    let hover = client.ask("textDocument/hover", at)["result"]["contents"]["value"].clone();
    assert!(hover.as_str().unwrap().contains(&format!("pier.md line 3:\n\u{1f30a} {STORM}")), "{hover}");
    let beside = json!({"textDocument": {"uri": document}, "position": {"line": 0, "character": 0}});
    assert_eq!(client.ask("textDocument/hover", beside)["result"], Value::Null);

    // The editor follows the quick fix.
    let change = json!({"range": edit["range"], "text": edit["newText"]});
    let identity = json!({"uri": document, "version": 3});
    client.tell("textDocument/didChange", json!({"textDocument": identity, "contentChanges": [change]}));
    assert_eq!(client.diagnostics(&document, <[Value]>::is_empty), [] as [Value; 0]);
    client.end();
}

#[test]
fn other_files_of_the_folder_count_and_the_settings_hold() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("z-first.md", &format!("# One\n\nCaf\u{e9} \u{1f30a} opens.\n\n{STORM}\n"));
    write("a-second.md", &format!("# Two\n\n{STORM}\n\n{PIER}\n"));
    write("copydesk.toml", "[severity]\nshared-paragraph = \"error\"\n");
    let (mut client, told) = Client::in_folder(folder.path(), &["utf-32", "utf-8"]);
    assert_eq!(told["capabilities"]["positionEncoding"], "utf-8");
    let document = uri(&folder.path().join("a-second.md"));
    client.open(&document, &fs::read_to_string(folder.path().join("a-second.md")).unwrap());
    let found = client.diagnostics(&document, |list| !list.is_empty());
    assert_eq!(codes(&found), ["shared-paragraph"]);
    assert_eq!(found[0]["severity"], 1);
    let other = uri(&folder.path().join("z-first.md"));
    let place = json!({"uri": other, "range": range((4, 0), (4, STORM.len() as u32))});
    assert_eq!(found[0]["relatedInformation"][0]["location"], place);
    // No change of this document alone mends that.
    let asked = json!({"textDocument": {"uri": document}, "range": range((2, 0), (2, 9)), "context": {"diagnostics": []}});
    assert_eq!(client.ask("textDocument/codeAction", asked)["result"], json!([]));

    // A line above: the finding moves with its passage, without a look into the folder.
    let change = json!({"range": range((0, 0), (0, 0)), "text": "\n"});
    let identity = json!({"uri": document, "version": 2});
    client.tell("textDocument/didChange", json!({"textDocument": identity, "contentChanges": [change]}));
    let moved =
        client.diagnostics(&document, |list| list.iter().any(|one| one["range"]["start"]["line"] == 3));
    assert_eq!(codes(&moved), ["shared-paragraph"]);

    // The other copy goes, and this one is saved.
    write("z-first.md", "# One\n");
    client.tell("textDocument/didSave", json!({"textDocument": {"uri": document}}));
    client.diagnostics(&document, <[Value]>::is_empty);

    // A settings file that is wrong is said, and ends nothing.
    write("copydesk.toml", "nonsense = 1\n");
    client.tell("textDocument/didSave", json!({"textDocument": {"uri": document}}));
    let complaint = loop {
        let message = client.receive();
        if message["method"] == "window/showMessage" {
            break message["params"]["message"].as_str().unwrap().to_owned();
        }
    };
    assert!(complaint.contains("nonsense"), "{complaint}");
    client.end();
}

#[test]
fn nothing_but_exit_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut client = Client::new();
    assert_eq!(client.ask("textDocument/hover", json!({}))["error"]["code"], -32002);
    assert!(client.ask("initialize", json!([1, "x"]))["result"].is_object());
    let mut broken = |bytes: &[u8], code: i64| {
        client.raw(bytes);
        let answer = client.answer(&Value::Null);
        assert_eq!(answer["error"]["code"], code, "{}", String::from_utf8_lossy(bytes));
    };
    broken(b"Content-Length: 5\r\n\r\n{\"a\":", -32700);
    broken(b"Content-Length: 2\r\n\r\n\xff\xfe", -32700);
    broken(b"Content-Type: x\r\n\r\n", -32700);
    broken(b"Content-Length: 2\r\n\r\n[]", -32600);
    broken(b"Content-Length: 4\r\n\r\nnull", -32600);
    assert_eq!(client.ask("no/such/method", Value::Null)["error"]["code"], -32601);
    assert_eq!(client.ask("textDocument/hover", json!("x"))["error"]["code"], -32602);
    for (method, parameters) in [
        ("$/cancelRequest", json!({"id": 1})),
        ("textDocument/didOpen", json!({"textDocument": 3})),
        ("textDocument/didChange", json!({"textDocument": {"uri": "file:///gone"}, "contentChanges": [{}]})),
        ("textDocument/didSave", json!(null)),
        ("workspace/didChangeWorkspaceFolders", json!({"event": {"added": [{"uri": "x:"}, 7]}})),
    ] {
        client.tell(method, parameters);
    }
    // A file that is not there, in a folder that is not there; a name of no file; a text with everything in it.
    let gone = uri(&folder.path().join("gone/file.md"));
    let hostile = format!("{STORM}\n\n\u{1b}[1m\u{202e}::error::\u{9b}\n\n{STORM}\r\r\u{feff}");
    for document in [gone.as_str(), "untitled:Untitled-1", "file:///%ff", "::"] {
        client.open(document, &hostile);
        let found = client.diagnostics(document, |list| codes(list).contains(&"repeated-paragraph"));
        let text = Value::Array(found).to_string();
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
        client.tell("textDocument/didClose", json!({"textDocument": {"uri": document}}));
        client.diagnostics(document, <[Value]>::is_empty);
    }
    client.end();
}

#[test]
fn a_client_that_goes_ends_it() {
    let mut client = Client::new();
    client.ask("initialize", json!({}));
    client.input = None;
    assert_eq!(client.server.wait().unwrap().code(), Some(1));
}
