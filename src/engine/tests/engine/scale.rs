//! What is recorded, written and asked grows with the objects, not with their square.

use mesh_engine::Silent;

use crate::bench::{Bench, changes, destroy, normal};

/// How much of each is done for two blocks of so many instances that read each other by index.
#[derive(Debug)]
struct Work {
    links: usize,
    commits: usize,
    bytes: usize,
    calls: usize,
}

async fn work(instances: usize) -> Work {
    let bench = Bench { parallelism: 32, ..Bench::new() };
    let config = bench.config(&format!(
        r#"
resource "test_thing" "a" {{
  count = {instances}
  name  = "a${{count.index}}"
}}
resource "test_thing" "b" {{
  count = {instances}
  name  = "b${{count.index}}"
  uses  = [test_thing.a[count.index].id]
}}
output "all" {{ value = test_thing.b[*].id }}
"#
    ));
    let planned = bench.plan(&config, &normal()).await.unwrap();
    let links = planned.plan.reads.iter().map(|(_, links)| links.len()).sum();
    bench.platform.take_log();
    bench.carry_out(&config, planned).await;
    let again = bench.plan(&config, &normal()).await.unwrap();
    assert_eq!(changes(&again), Vec::<String>::new());
    bench.done_with(&config, &destroy()).await;
    assert!(bench.platform.objects().is_empty());
    let (commits, bytes) = bench.store.written();
    Work { links, commits, bytes, calls: bench.platform.calls() }
}

#[tokio::test]
async fn four_times_the_objects_make_four_times_the_work() {
    let (small, large) = (work(250).await, work(1000).await);
    let pairs = [
        ("links", small.links, large.links),
        ("commits", small.commits, large.commits),
        ("bytes", small.bytes, large.bytes),
        ("calls", small.calls, large.calls),
    ];
    for (what, small, large) in pairs {
        assert!(large <= small * 4 + small / 2, "{what}: {small} grew to {large}");
    }
}

/// A block as a whole is read by every instance of another: one join between them, not every pair.
#[tokio::test]
async fn reading_a_whole_block_from_every_instance_is_not_every_pair() {
    let bench = Bench::new();
    let text = |base: usize| {
        format!(
            r#"
resource "test_thing" "a" {{
  count = 300
  name  = "a${{count.index}}"
  base  = "{base}"
}}
resource "test_thing" "b" {{
  count      = 300
  name       = "b${{count.index}}"
  value      = "{base}"
  depends_on = [test_thing.a]
  lifecycle {{ replace_triggered_by = [test_thing.a] }}
}}
data "test_lookup" "c" {{
  count      = 300
  name       = "a${{count.index}}"
  depends_on = [test_thing.b]
}}
"#
        )
    };
    bench.done(&bench.config(&text(1))).await;
    let config = bench.config(&text(2));
    let (prior, intents) = bench.stored().await;
    let reads: usize = prior.all().map(|object| object.record.reads.len()).sum();
    assert_eq!(reads, 300);
    let planned = mesh_engine::plan(&config.inputs(8), prior, &intents, &normal(), &Silent).await.unwrap().0;
    assert_eq!(changes(&planned).len(), 900);
    let links: usize = planned.plan.reads.iter().map(|(_, links)| links.len()).sum();
    assert!(links < 900 * 8, "{links}");
    bench.done(&config).await;
    assert_eq!(bench.platform.objects().len(), 600);
}
