# The commands of the project; `just` without a name lists them.

[private]
default:
    @just --list

# Build the program with optimisations: target/release/copydesk
build:
    cargo build --release

# Run all tests
test:
    cargo test

# What must pass before a change is merged
ci:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    cargo test

# Write the expected output of the cases anew, then show what changed
bless:
    COPYDESK_BLESS=1 cargo test --test cases
    git diff --stat -- corpus/cases

# Run the benchmarks
bench *ARGS:
    cargo bench {{ARGS}}

# Fuzz one target for a number of seconds (needs cargo-fuzz and a nightly compiler)
fuzz TARGET SECONDS="60":
    cargo +nightly fuzz run --fuzz-dir tests/fuzz {{TARGET}} -- -max_total_time={{SECONDS}}

# Check licences, advisories and sources of the dependencies (needs cargo-deny)
deny:
    cargo deny check

# The demonstration of the README
demo:
    cargo run --release -- check corpus/newsroom --fail-on never
