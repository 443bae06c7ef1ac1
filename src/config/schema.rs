//! The JSON Schema of a settings file, for editors and for whoever writes one by program.

use serde_json::{Map, Value, json};

use super::keys::{ALLOW_KEYS, KEYS, Key, Kind, Names};
use super::values::json_of_toml;

/// Returns the schema: draft 2020-12, one description for each key.
#[must_use]
pub fn schema() -> Value {
    let mut properties = Map::new();
    for key in KEYS {
        insert(&mut properties, key.name, described(key));
    }
    let per_path = KEYS.iter().filter(|key| key.per_path).map(|key| (key.name.to_owned(), described(key)));
    let mut of_paths: Map<String, Value> = per_path.collect();
    of_paths.insert("paths".to_owned(), described_globs("the files that this holds for"));
    properties.insert(
        "overrides".to_owned(),
        json!({
            "description": "settings for some paths; where several hold, later ones win",
            "type": "array",
            "items": {
                "type": "object", "properties": of_paths, "required": ["paths"], "additionalProperties": false
            }
        }),
    );
    let allow: Map<String, Value> =
        ALLOW_KEYS.iter().map(|&(name, says)| (name.to_owned(), allowed(name, says))).collect();
    properties.insert(
        "allow".to_owned(),
        json!({
            "description": "passages that may repeat",
            "type": "array",
            "items": {
                "type": "object",
                "properties": allow,
                "required": ["reason"],
                "oneOf": [ {"required": ["fingerprint"]}, {"required": ["pattern"]} ],
                "additionalProperties": false
            }
        }),
    );
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "copydesk.toml",
        "description": "The settings of copydesk: copydesk.toml or .copydesk.toml, nearest above what is checked.",
        "type": "object",
        "properties": properties,
        "additionalProperties": false
    })
}

/// Puts `value` at a name with dots: a table for each part before the last.
fn insert(properties: &mut Map<String, Value>, name: &str, value: Value) {
    let Some((table, rest)) = name.split_once('.') else {
        properties.insert(name.to_owned(), value);
        return;
    };
    let inner = properties
        .entry(table)
        .or_insert_with(|| json!({"type": "object", "properties": {}, "additionalProperties": false}));
    if let Some(Value::Object(inner)) = inner.get_mut("properties") {
        insert(inner, rest, value);
    }
}

fn described(key: &Key) -> Value {
    let mut schema = of_kind(key.kind);
    if let Value::Object(schema) = &mut schema {
        schema.insert("description".to_owned(), key.summary.into());
        if !key.default.is_empty() {
            schema.insert("default".to_owned(), json_of_toml(key.default));
        }
        schema.insert("examples".to_owned(), json!([json_of_toml(key.example)]));
    }
    schema
}

fn described_globs(says: &str) -> Value {
    json!({"description": says, "type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}})
}

fn allowed(name: &str, says: &str) -> Value {
    match name {
        "fingerprint" => json!({"description": says, "type": "string", "pattern": "^[0-9A-Fa-f]{32}$"}),
        "rules" => json!({"description": says, "type": "array", "items": {"enum": Names::Rules.all()}}),
        "paths" => described_globs(says),
        _ => json!({"description": says, "type": "string", "minLength": 1}),
    }
}

fn of_kind(kind: Kind) -> Value {
    let strings = || json!({"type": "array", "items": {"type": "string", "minLength": 1}});
    match kind {
        Kind::Flag => json!({"type": "boolean"}),
        Kind::Count(least) => json!({"type": "integer", "minimum": least}),
        Kind::Share => json!({"type": "number", "exclusiveMinimum": 0, "maximum": 1}),
        Kind::Size => json!({
            "anyOf": [
                {"type": "integer", "minimum": 1},
                {"type": "string", "pattern": "^[0-9]+([KkMmGg]([Ii]?[Bb])?)?$"}
            ]
        }),
        Kind::Rules => {
            let names: Vec<&str> = std::iter::once("ALL").chain(Names::Rules.all()).collect();
            json!({"type": "array", "items": {"enum": names}})
        }
        Kind::Levels => table(Names::Rules, &json!({"enum": Names::Levels.all()})),
        Kind::Name(names) => json!({"enum": names.all()}),
        Kind::NameList(names) => json!({"type": "array", "items": {"enum": names.all()}}),
        Kind::Encoding => json!({"type": "string", "minLength": 1}),
        Kind::Globs | Kind::Passages => strings(),
        Kind::Scopes => json!({"type": "array", "items": {"type": "string", "pattern": "\\{[^{}]+\\}"}}),
        Kind::Fields => table(Names::Meanings, &json!({"type": "string", "minLength": 1})),
        Kind::File => json!({"type": "string", "minLength": 1}),
        Kind::Outputs => table(Names::Formats, &json!({"type": "string", "minLength": 1})),
    }
}

/// A table under names of a closed list.
fn table(names: Names, value: &Value) -> Value {
    let properties: Map<String, Value> =
        names.all().into_iter().map(|name| (name.to_owned(), value.clone())).collect();
    json!({"type": "object", "properties": properties, "additionalProperties": false})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_takes_every_example_and_no_unknown_key() {
        let validator = jsonschema::validator_for(&schema()).unwrap();
        for key in KEYS {
            let mut file = json_of_toml(key.example);
            for part in key.name.rsplit('.') {
                file = json!({ part: file });
            }
            assert!(validator.is_valid(&file), "{}: {file}", key.name);
        }
        for wrong in [
            json!({"treshold": 0.8}),
            json!({"threshold": 0}),
            json!({"overrides": [{"min-words": 3}]}),
            json!({"overrides": [{"paths": ["a"], "threshold": 0.5}]}),
            json!({"allow": [{"pattern": "x"}]}),
            json!({"allow": [{"pattern": "x", "fingerprint": "00112233445566778899aabbccddeeff", "reason": "x"}]}),
            json!({"severity": {"boilerplate": "bad"}}),
            json!({"scope": {"compare-within": ["docs/**"]}}),
        ] {
            assert!(!validator.is_valid(&wrong), "{wrong}");
        }
    }
}
