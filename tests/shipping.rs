//! What goes out beside the program: the action, the hooks, the image, the release configuration.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The YAML that is fenced in a page of the documentation.
fn fenced(page: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<String> = None;
    for line in page.lines() {
        match &mut open {
            None if line == "```yaml" => open = Some(String::new()),
            Some(_) if line == "```" => blocks.extend(open.take()),
            Some(block) => {
                block.push_str(line);
                block.push('\n');
            }
            None => {}
        }
    }
    assert!(open.is_none());
    blocks
}

/// Says where `text` breaks the plain rules that all our YAML keeps: spaces only, even indentation that grows
/// by one step, a key or an item on every line, and no `: ` in a value without quotation marks.
fn wrong_in(text: &str) -> Option<String> {
    let mut levels: Vec<usize> = vec![0];
    let mut literal: Option<usize> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let wrong = |what: &str| Some(format!("line {number}: {what}: {line}"));
        let content = line.trim_start_matches(' ');
        let depth = line.len() - content.len();
        if let Some(parent) = literal {
            if content.is_empty() || depth > parent {
                continue;
            }
            literal = None;
        }
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if line.contains('\t') || depth % 2 != 0 {
            return wrong("indentation");
        }
        while levels.last().is_some_and(|&level| level > depth) {
            levels.pop();
        }
        if levels.last() != Some(&depth) {
            levels.push(depth);
        }
        let item = content.strip_prefix("- ");
        let at = depth + if item.is_some() { 2 } else { 0 };
        if item.is_some() && levels.last() != Some(&at) {
            levels.push(at);
        }
        let content = item.unwrap_or(content);
        let (key, value) = match content.split_once(": ") {
            Some((key, value)) => (key, value),
            None => (content.trim_end_matches(':'), ""),
        };
        if item.is_none() && !content.contains(':') {
            return wrong("neither a key nor an item");
        }
        if value == "|" {
            literal = Some(at);
            continue;
        }
        let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./'\" ".contains(&byte));
        let quoted =
            |text: &str, mark: char| text.len() > 1 && text.starts_with(mark) && text.ends_with(mark);
        let flow = value.starts_with(['[', '{']) || content.starts_with(['[', '{']);
        let bare = !flow && !quoted(value, '\'') && !quoted(value, '"') && item.is_none() | !value.is_empty();
        if bare && (!plain || value.contains(": ") || value.ends_with(':')) {
            return wrong("a value that needs quotation marks");
        }
    }
    None
}

#[test]
fn yaml_keeps_the_plain_rules() {
    let mut texts = vec![
        ("action.yml".to_owned(), read("action.yml")),
        (".pre-commit-hooks.yaml".to_owned(), read(".pre-commit-hooks.yaml")),
    ];
    for page in ["docs/ci.md", "docs/releasing.md"] {
        let blocks = fenced(&read(page));
        assert!(!blocks.is_empty(), "{page}");
        texts.extend(blocks.into_iter().map(|block| (page.to_owned(), block)));
    }
    for (name, text) in texts {
        assert_eq!(wrong_in(&text), None, "{name}");
    }
    for wrong in ["a: b: c\n", "a:\n   b: c\n", "a:\n\tb: c\n", "a\n", "- a: b: c\n"] {
        assert!(wrong_in(wrong).is_some(), "{wrong}");
    }
}

#[test]
fn every_input_of_the_action_is_used_and_documented() {
    let action = read("action.yml");
    let page = read("docs/ci.md");
    let inputs = action.split("\noutputs:").next().unwrap();
    let names: Vec<&str> = inputs
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':').filter(|name| !name.starts_with(' ')))
        .collect();
    assert!(names.len() >= 8, "{names:?}");
    for name in names {
        assert!(action.contains(&format!("inputs.{name}")), "{name} is used nowhere");
        assert!(page.contains(&format!("`{name}`")), "docs/ci.md does not say what {name} is");
    }
    assert!(action.lines().all(|line| !line.contains("uses: ") || line.contains('@')), "versions are named");
}

/// The `run: |` script of the step called `name`.
fn script(action: &str, name: &str) -> String {
    let step = action.split(&format!("- name: {name}\n")).nth(1).unwrap();
    let step = step.split("\n    - name: ").next().unwrap();
    let script = step.split("      run: |\n").nth(1).unwrap();
    script.lines().map(|line| format!("{}\n", line.strip_prefix("        ").unwrap_or(line))).collect()
}

#[cfg(unix)]
#[test]
fn the_action_checks_and_reports() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("my docs");
    fs::create_dir(&folder).unwrap();
    let pier = "The county will rebuild the pier at Hask before the summer.";
    fs::write(folder.join("a.md"), format!("{pier}\n\nBetween them.\n\n{pier}\n")).unwrap();
    let script = script(&read("action.yml"), "Check");
    let run = |fail_on: &str, arguments: &str| {
        for name in ["output", "summary.md"] {
            fs::write(place.path().join(name), "").unwrap();
        }
        let done = Command::new("bash")
            .args(["-e", "-o", "pipefail", "-c", &script])
            .current_dir(place.path())
            .env("BINARY", env!("CARGO_BIN_EXE_copydesk"))
            .env("PATHS", "my docs\n")
            .env("ARGUMENTS", arguments)
            .env("FAIL_ON", fail_on)
            .env("SUMMARY", "true")
            .env("REPORTS", place.path())
            .env("GITHUB_OUTPUT", place.path().join("output"))
            .env("GITHUB_STEP_SUMMARY", place.path().join("summary.md"))
            .output()
            .unwrap();
        let text = |name: &str| fs::read_to_string(place.path().join(name)).unwrap();
        (done.status.code(), String::from_utf8(done.stdout).unwrap(), text("output"), text("summary.md"))
    };
    let (status, stdout, output, summary) = run("", "");
    assert_eq!(status, Some(1));
    assert!(stdout.contains("::error file=my docs/a.md,"), "{stdout}");
    assert!(output.starts_with("status=1\nsarif="), "{output}");
    assert!(summary.contains("repeated-paragraph"), "{summary}");
    let sarif = fs::read_to_string(place.path().join("copydesk.sarif")).unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&sarif).unwrap()["version"], "2.1.0");
    assert_eq!(run("never", "").0, Some(0));
    assert_eq!(run("", "--ignore\nrepeated-paragraph").0, Some(0));
    assert_eq!(run("", "--no-such-flag").0, Some(2));
}

#[test]
fn hooks_call_what_there_is() {
    let hooks = read(".pre-commit-hooks.yaml");
    let page = read("docs/ci.md");
    let mut count = 0;
    for hook in hooks.split("\n- id: ").skip(1) {
        let name = hook.lines().next().unwrap();
        assert!(page.contains(&format!("`{name}`")), "docs/ci.md does not name the hook {name}");
        let entry = hook.lines().find_map(|line| line.strip_prefix("  entry: copydesk ")).unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.md"), "Ferry traffic resumed at noon.\n").unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
        command.args(entry.split(' ')).current_dir(folder.path());
        if !hook.contains("pass_filenames: false") {
            command.arg("a.md");
        }
        assert_eq!(command.output().unwrap().status.code(), Some(0), "{name}");
        count += 1;
    }
    assert_eq!(count, 3);
}

#[test]
fn the_image_copies_what_it_builds_and_runs_as_nobody_of_note() {
    let text = read("Dockerfile");
    let ignored = read(".dockerignore");
    for line in text.lines().filter(|line| line.starts_with("COPY ") && !line.contains("--from")) {
        let mut names: Vec<&str> = line.split_whitespace().skip(1).collect();
        names.pop();
        for name in names {
            assert!(root().join(name).exists(), "{line}");
            assert!(ignored.lines().any(|kept| kept == format!("!{name}")), "{name} is ignored");
        }
    }
    assert!(text.contains("\nUSER 65532:65532\n"));
    assert!(text.find("USER") > text.find("COPY --from"));
}

/// Cargo builds the package by itself, so the compiler does not see here what it lacks.
#[test]
fn the_python_package_has_every_module_of_the_program_and_the_same_dependencies() {
    let main = read("src/bin/copydesk/main.rs");
    let package = read("python/src/lib.rs");
    let modules: Vec<&str> = main.lines().filter_map(|line| line.strip_prefix("mod ")).collect();
    assert!(!modules.is_empty());
    for module in modules {
        assert!(package.contains(&format!("    pub mod {module}")), "python/src/lib.rs lacks {module}");
    }
    let locked = read("python/Cargo.lock");
    let manifest = read("Cargo.toml");
    let manifest = toml::de::DeTable::parse(&manifest).unwrap();
    let dependencies = manifest.get_ref()["dependencies"].get_ref().as_table().unwrap();
    assert!(!dependencies.is_empty());
    for name in dependencies.keys() {
        let name = name.get_ref();
        assert!(locked.contains(&format!("name = \"{name}\"")), "python/Cargo.lock lacks {name}");
    }
}

#[test]
fn the_release_configuration_is_toml() {
    let text = read("dist-workspace.toml");
    let dist = toml::de::DeTable::parse(&text).unwrap();
    assert!(dist.get_ref().contains_key("workspace") && dist.get_ref().contains_key("dist"));
    assert!(text.contains("members = [\"cargo:.\"]"));
    let include = text.lines().find_map(|line| line.strip_prefix("include = [")).unwrap();
    for name in include.trim_end_matches(']').split(", ") {
        assert!(Path::new(&root()).join(name.trim_matches('"')).is_file(), "{name}");
    }
}

/// The commands whose output a page shows, and what it shows: between `<!-- begin output: … -->` and
/// `<!-- end output -->`, fenced.
fn shown(page: &str) -> Vec<(&str, &str)> {
    let parts = page.split("<!-- begin output: ").skip(1);
    let part = |part: &'_ str| -> Option<(usize, usize, usize)> {
        let command = part.find(" -->")?;
        let start = part.find("```text\n")? + "```text\n".len();
        Some((command, start, part[start..].find("```\n")? + start))
    };
    parts
        .map(|text| {
            let (command, start, end) =
                part(text).unwrap_or_else(|| panic!("no fenced output in {text:.60}"));
            (&text[..command], &text[start..end])
        })
        .collect()
}

#[test]
fn what_the_readme_shows_is_what_the_program_prints() {
    let page = read("README.md");
    let shown = shown(&page);
    assert!(!shown.is_empty());
    for (command, expected) in shown {
        let output = Command::new(env!("CARGO_BIN_EXE_copydesk"))
            .args(command.split(' '))
            .args(["--format", "full", "--color", "never"])
            .current_dir(root())
            .output()
            .unwrap();
        assert!(output.status.success(), "{command}");
        let printed = String::from_utf8(output.stdout).unwrap();
        assert_eq!(printed, expected, "`copydesk {command}` prints something else than README.md shows");
    }
}
