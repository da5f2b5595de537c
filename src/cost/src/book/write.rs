//! Writes a book of prices as the CSV that it is read from.

use super::Book;

/// The columns of a price book.
const COLUMNS: [&str; 7] = ["key", "region", "unit", "from", "usd", "date", "sources"];

impl Book {
    /// The book as CSV: a row a tier, sorted by key, region and tier, so that two books differ where their prices do.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut text = COLUMNS.join(",");
        text.push('\n');
        for (key, region, price) in self.iter() {
            for tier in &price.tiers {
                let (from, usd) = (tier.from.normalize().to_string(), tier.usd.normalize().to_string());
                let (date, sources) = (price.date.to_string(), price.sources.join(";"));
                let fields: [&str; 7] = [key, region, &price.unit, &from, &usd, &date, &sources];
                text.push_str(&fields.map(quoted).join(","));
                text.push('\n');
            }
        }
        text
    }
}

/// A field, in quotes where it needs them.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_as_the_same_book() {
        let text = "key,region,unit,from,usd,date,sources\n\
                    v/s/t,*,GB,0,0.10,2026-01-31,\"a, the first;b\"\n\
                    v/s/t,*,GB,100,0.00000054,2026-01-31,\"a, the first;b\"\n";
        let book = Book::read("t.csv", text.as_bytes()).unwrap();
        assert_eq!(book.to_csv(), text.replace("0.10,", "0.1,"));
        assert_eq!(Book::read("t.csv", book.to_csv().as_bytes()).unwrap(), book);
    }
}
