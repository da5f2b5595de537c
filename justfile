# What is done often. `just` alone lists it.

default:
    @just --list --unsorted

# Build the binary as users get it: target/release/mesh; `just build full` with all providers
build features="default":
    cargo build --release -p mesh --features {{ features }}

# Run all tests
test *arguments:
    cargo test --workspace --features mesh/full {{ arguments }}

# Run the tests of everything but the clouds, whose libraries take minutes to compile
test-local *arguments:
    cargo test --workspace --exclude mesh-provider-aws {{ arguments }}

# Run all tests, and the fuzz loops for a minute each
test-extended seconds="60":
    MESH_FUZZ_SECONDS={{ seconds }} cargo test --workspace --features mesh/full

# Check format and lints, as .ci/run does
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --features mesh/full -- -D warnings

# Measure, beside Terraform where it is on PATH
bench *arguments:
    cargo run --release -p mesh-benches -- {{ arguments }}

# Write all expected texts anew; look at the difference before it is committed
bless:
    BLESS=1 cargo test --workspace --features mesh/full

# Plan and apply an example; `just example destroy` takes it away again
example command="apply":
    cargo run --release -- -C examples/orders {{ command }}
