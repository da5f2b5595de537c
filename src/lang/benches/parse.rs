//! How fast the front end reads: a realistic file of about two megabytes, as tokens and as a tree.

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mesh_diagnostics::FileId;
use mesh_lang::syntax::{parse, tokens};

const BLOCKS: usize = 3_000;

fn benches(criterion: &mut Criterion) {
    let source = source();
    let mut group = criterion.benchmark_group("syntax");
    group.throughput(Throughput::Bytes(source.len() as u64)).sample_size(20);
    group.bench_function("tokens", |bencher| bencher.iter(|| tokens(black_box(&source), FileId(0))));
    group.bench_function("parse", |bencher| bencher.iter_with_large_drop(|| parse(black_box(&source), FileId(0))));
    group.finish();
}

/// Blocks as people write them: references, templates, objects, `for`, conditionals, a heredoc, comments.
fn source() -> String {
    let mut source = String::new();
    for n in 0..BLOCKS {
        write!(
            source,
            r#"# Bucket number {n} of the landing zone, with what its consumers need to know.
resource "local_bucket" "landing_{n}" {{
  bucket        = "${{var.prefix}}-landing-{n}"
  force_destroy = var.environment == "test" || var.ephemeral ? true : false
  region        = var.regions[{n} % length(var.regions)]

  tags = merge(local.tags, {{
    name    = "landing {n}"
    owner   = local.owners["sales"].email
    "cost-centre" = {n}.50
    columns = [for name, column in local.columns : upper(name) if !column.hidden && column.position < {n}]
  }})

  lifecycle {{
    prevent_destroy = true
    ignore_changes  = [tags["touched"], tags["seen"]]
  }}

  policy = <<-EOT
    {{
      "version": "2024-10-17",
      "principal": "${{local_bucket.audit[*].arn[0]}}",
      %{{ for reader in var.readers ~}}
      "reader": "${{reader.name}}",
      %{{ endfor ~}}
      "allow": true
    }}
  EOT
}}

"#
        )
        .ok();
    }
    source
}

criterion_group!(parsing, benches);
criterion_main!(parsing);
