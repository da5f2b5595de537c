//! The outer world for functions of the language: files below the root module, home, time, randomness.

use std::io;
use std::path::{Path, PathBuf};

use mesh_lang::eval::Environment;
use mesh_provider::cost::PriceKey;

use crate::price_books::PriceBooks;

/// The real world.
#[derive(Clone, Debug)]
pub struct World {
    base_dir: PathBuf,
    /// When the plan was made: seconds and nanoseconds since 1970.
    planned_at: Option<(i64, u32)>,
    /// Whether values that a plan leaves open are decided now.
    applying: bool,
    prices: PriceBooks,
}

impl World {
    /// The world while planning: what changes with each look is left open.
    pub const fn planning(base_dir: PathBuf, planned_at: (i64, u32)) -> Self {
        Self { base_dir, planned_at: Some(planned_at), applying: false, prices: PriceBooks::STANDARD }
    }

    /// The world where someone only looks: nothing is planned, and nothing is put off.
    pub const fn looking(base_dir: PathBuf) -> Self {
        Self { base_dir, planned_at: None, applying: true, prices: PriceBooks::STANDARD }
    }

    /// The same world while applying.
    pub fn applying(&self) -> Self {
        Self { applying: true, ..self.clone() }
    }

    /// The same world with the prices of a project.
    pub fn with_prices(self, prices: PriceBooks) -> Self {
        Self { prices, ..self }
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        self.base_dir.join(path)
    }
}

/// Seconds and nanoseconds since 1970.
pub fn now() -> (i64, u32) {
    let now = jiff::Timestamp::now();
    (now.as_second(), u32::try_from(now.subsec_nanosecond()).unwrap_or_default())
}

impl Environment for World {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(self.absolute(path))
    }

    fn is_file(&self, path: &Path) -> bool {
        self.absolute(path).is_file()
    }

    fn files_below(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        let root = self.absolute(dir);
        let mut found = Vec::new();
        let mut open = vec![root.clone()];
        while let Some(dir) = open.pop() {
            for entry in std::fs::read_dir(&dir)? {
                let path = entry?.path();
                if path.is_dir() {
                    open.push(path);
                } else if path.is_file()
                    && let Ok(relative) = path.strip_prefix(&root)
                {
                    found.push(relative.to_owned());
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn base_dir(&self) -> &Path {
        &self.base_dir
    }

    fn home_dir(&self) -> Option<PathBuf> {
        std::env::home_dir()
    }

    fn timestamp(&self) -> Option<(i64, u32)> {
        self.applying.then(now)
    }

    fn plan_timestamp(&self) -> Option<(i64, u32)> {
        self.planned_at
    }

    fn random(&self) -> Option<[u8; 16]> {
        if !self.applying {
            return None;
        }
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).ok()?;
        Some(bytes)
    }

    fn list_price(&self, key: &str, region: &str) -> Option<String> {
        let price = self.prices.book().price(&PriceKey::new(key, region))?;
        Some(price.first().to_string())
    }
}
