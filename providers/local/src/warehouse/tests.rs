use std::path::PathBuf;

use rusqlite::Connection;

use super::connection::{self, Access, in_turn, with_warehouse};
use super::file::{self, Journal, Settings};

const TOKEN: &str = "00000000000000000000000000000001";
const OTHER_TOKEN: &str = "00000000000000000000000000000002";
const SETTINGS: Settings = Settings { journal: Journal::WriteAhead, quota: None };

fn place() -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("data/orders.db");
    (directory, path)
}

fn files(path: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(path.parent().unwrap()).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn creation_is_whole_and_found_again_by_its_token_only() {
    let (_directory, path) = place();
    file::create(&path, SETTINGS, TOKEN).unwrap();
    file::create(&path, SETTINGS, TOKEN).unwrap();
    assert_eq!(files(&path), ["orders.db"], "no journal and no draft stays behind");
    assert!(file::is_made_by(&path, TOKEN).unwrap());
    assert!(!file::is_made_by(&path, OTHER_TOKEN).unwrap());

    let refused = file::create(&path, SETTINGS, OTHER_TOKEN).unwrap_err();
    assert_eq!(refused.0[0].summary, "File already exists");
    assert_eq!(file::settings(&connection::open(&path, Access::Read).unwrap()).unwrap(), SETTINGS);
}

#[test]
fn draft_of_a_killed_creation_is_cleared() {
    let (_directory, path) = place();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(format!("{}.{TOKEN}.new", path.display()), "half a file").unwrap();
    file::create(&path, SETTINGS, TOKEN).unwrap();
    assert_eq!(files(&path), ["orders.db"]);
}

#[test]
fn foreign_files_are_left_alone() {
    for content in ["", "not a database at all", "SQLite format 3\0 but cut"] {
        let (_directory, path) = place();
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        assert!(file::create(&path, SETTINGS, TOKEN).is_err(), "{content:?}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
    }
}

#[test]
fn deletion_refuses_while_rows_are_stored() {
    let (_directory, path) = place();
    file::create(&path, SETTINGS, TOKEN).unwrap();
    let connection = connection::open(&path, Access::Write).unwrap();
    connection.execute_batch("CREATE TABLE empty (a); CREATE TABLE orders (a); INSERT INTO orders VALUES (1)").unwrap();
    drop(connection);

    let refused = file::delete(&path, false).unwrap_err();
    assert_eq!(
        refused.0[0].detail,
        format!(
            "{} still holds rows in `orders`. To delete it with everything in it, set `force_destroy = true`, apply, and \
             try again.",
            path.display()
        )
    );
    file::delete(&path, true).unwrap();
    assert!(files(&path).is_empty());
    file::delete(&path, false).unwrap();
}

#[test]
fn quota_holds_for_every_connection() {
    let (_directory, path) = place();
    let settings = Settings { quota: Some(64 * 1024), ..SETTINGS };
    file::create(&path, settings, TOKEN).unwrap();
    let connection = connection::open(&path, Access::Write).unwrap();
    connection.execute_batch("CREATE TABLE t (a)").unwrap();
    let error = connection.execute("INSERT INTO t VALUES (zeroblob(100000))", []).unwrap_err();
    assert_eq!(connection::failure(&error, "Filling").0[0].summary, "Warehouse full");

    let refused = file::change_settings(&connection, Settings { quota: Some(10), ..settings }).unwrap_err();
    assert_eq!(refused.0[0].summary, "Quota too small");
    file::change_settings(&connection, Settings { quota: None, journal: Journal::Rollback }).unwrap();
    drop(connection);
    let connection = connection::open(&path, Access::Write).unwrap();
    assert_eq!(file::settings(&connection).unwrap(), Settings { quota: None, journal: Journal::Rollback });
    connection.execute("INSERT INTO t VALUES (zeroblob(100000))", []).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_writers_of_one_file_wait_for_each_other() {
    let (_directory, path) = place();
    in_turn(path.clone(), |path| file::create(path, SETTINGS, TOKEN)).await.unwrap();
    let writers: Vec<_> = (0..32)
        .map(|number| {
            tokio::spawn(with_warehouse(path.clone(), Access::Write, move |connection: &mut Connection| {
                let transaction = connection::begin(connection)?;
                transaction.execute_batch(&format!("CREATE TABLE t{number} (a)")).unwrap();
                transaction.commit().unwrap();
                Ok(())
            }))
        })
        .collect();
    for writer in writers {
        writer.await.unwrap().unwrap();
    }
    let tables = with_warehouse(path, Access::Read, |connection| {
        Ok(connection.query_row("SELECT count(*) FROM sqlite_master WHERE name GLOB 't[0-9]*'", [], |row| row.get(0)))
    });
    assert_eq!(tables.await.unwrap(), Ok(32));
}

#[test]
fn reading_connections_refuse_to_write() {
    let (_directory, path) = place();
    file::create(&path, SETTINGS, TOKEN).unwrap();
    let connection = connection::open(&path, Access::Read).unwrap();
    assert!(connection.execute_batch("CREATE TABLE t (a)").is_err());
}
