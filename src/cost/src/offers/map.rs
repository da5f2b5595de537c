//! Which products of AWS's offer files our price keys mean: the tables of `offers/`, read.

use std::collections::{BTreeMap, BTreeSet};

use mesh_provider::cost::Decimal;

const KEYS: &str = include_str!("../../offers/aws.csv");
const UNITS: &str = include_str!("../../offers/units.csv");
const REGIONS: &str = include_str!("../../offers/regions.csv");

/// The attributes of a product, by their plain name ([`plain_name`]).
pub(super) type Attributes = BTreeMap<String, String>;

/// What maps products of offer files to price keys.
#[derive(Debug)]
pub struct OfferMap {
    rows: Vec<MapRow>,
    /// By our unit and AWS's: what AWS's price is to be multiplied with.
    units: BTreeMap<(String, String), Decimal>,
    regions: BTreeMap<String, String>,
}

/// One line of `offers/aws.csv`.
#[derive(Debug)]
pub(super) struct MapRow {
    /// Our price key; an attribute's name in braces stands for its value.
    pub key: String,
    /// Our unit.
    pub unit: String,
    offers: Vec<String>,
    /// Product families, any where there are none.
    families: Vec<String>,
    conditions: Vec<Condition>,
}

/// An attribute must have a value; `*` in it stands for anything.
#[derive(Debug)]
struct Condition {
    attribute: String,
    pattern: String,
}

impl OfferMap {
    /// The map that comes with mesh.
    pub fn embedded() -> Self {
        let rows = lines(KEYS).filter_map(|line| map_row(&line)).collect();
        let units = lines(UNITS).filter_map(|line| match &line[..] {
            [ours, theirs, factor] => Some(((ours.clone(), theirs.clone()), Decimal::from_str_exact(factor).ok()?)),
            _ => None,
        });
        let regions = lines(REGIONS).filter_map(|line| match &line[..] {
            [location, region] => Some((location.clone(), region.clone())),
            _ => None,
        });
        Self { rows, units: units.collect(), regions: regions.collect() }
    }

    /// The offers that have price keys.
    pub fn offers(&self) -> BTreeSet<&str> {
        self.rows.iter().flat_map(|row| row.offers.iter().map(String::as_str)).collect()
    }

    /// What is mapped from an offer.
    pub(super) fn of_offer(&self, code: &str) -> Vec<&MapRow> {
        self.rows.iter().filter(|row| row.offers.iter().any(|offer| offer == code)).collect()
    }

    /// What AWS's price of a unit is to be multiplied with to be one of ours; `None` where the two are not known to
    /// mean the same. `1M requests` and `1,000 Requests` are read as the number and the unit.
    pub(super) fn factor(&self, ours: &str, theirs: &str) -> Option<Decimal> {
        let theirs = theirs.trim().to_lowercase();
        let end = theirs.find(|letter: char| !letter.is_ascii_digit() && letter != ',').unwrap_or(theirs.len());
        let (number, name) = theirs.split_at(end);
        let (thousands, name) = match name.split_once(' ') {
            Some(("k", name)) if !number.is_empty() => (1_000, name),
            Some(("m", name)) if !number.is_empty() => (1_000_000, name),
            _ => (1, name),
        };
        let name = name.trim();
        let singular = name.strip_suffix('s').unwrap_or(name);
        let factor = self.units.get(&(ours.to_owned(), singular.to_owned()))?;
        let each = if number.is_empty() { Decimal::ONE } else { number.replace(',', "").parse().ok()? };
        factor.checked_div(each.checked_mul(Decimal::from(thousands))?)
    }

    /// The region that a product is sold in, `*` where it is one price for all. `None` where it is none of AWS's
    /// regions: a local zone, a wavelength zone, an outpost, or a place that this mesh doesn't know.
    pub(super) fn region(&self, attributes: &Attributes) -> Option<String> {
        let get = |name: &str| attributes.get(name).map(String::as_str).filter(|value| !value.is_empty());
        let kind = get("fromlocationtype").or_else(|| get("locationtype"));
        if kind.is_some_and(|kind| kind.contains("Zone") || kind.contains("Outposts")) {
            return None;
        }
        let code = get("fromregioncode").or_else(|| get("regioncode"));
        let place = get("fromlocation").or_else(|| get("location"));
        match code {
            Some("global" | "aws-global" | "any") => Some("*".to_owned()),
            Some(code) => Some(code.to_owned()),
            None => place.map_or_else(|| Some("*".to_owned()), |place| self.regions.get(place).cloned()),
        }
    }
}

impl MapRow {
    /// Whether the row means a product.
    pub(super) fn takes(&self, family: &str, attributes: &Attributes) -> bool {
        let is_of_family = self.families.is_empty() || self.families.iter().any(|name| name == family);
        is_of_family
            && self.conditions.iter().all(|condition| {
                let value = attributes.get(&condition.attribute).map_or("", String::as_str);
                let value = if condition.attribute == "usagetype" { without_region(value) } else { value };
                fits(&condition.pattern, value)
            })
    }

    /// The price key of a product; `None` where it lacks the attribute that the key is made of, or has one that no key can
    /// hold.
    pub(super) fn key_of(&self, attributes: &Attributes) -> Option<String> {
        let Some((before, rest)) = self.key.split_once('{') else { return Some(self.key.clone()) };
        let (name, after) = rest.split_once('}')?;
        let value = attributes.get(&plain_name(name)).filter(|value| !value.is_empty() && !value.contains('/'))?;
        Some(format!("{before}{value}{after}"))
    }
}

/// An attribute's name without what differs between the two forms: `preInstalledSw` in JSON is `Pre Installed S/W` in
/// CSV.
pub(super) fn plain_name(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// A usage type without the region that it starts with: `EUW1-Requests-Tier1` and `eu-west-1-KMS-Keys` name one,
/// `Requests-Tier1` of the first region doesn't.
fn without_region(usage_type: &str) -> &str {
    let Some((first, rest)) = usage_type.split_once('-') else { return usage_type };
    let digits = first.trim_start_matches(|letter: char| letter.is_ascii_uppercase());
    let letters = first.len() - digits.len();
    let is_short = (2..=4).contains(&letters) && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_short || first == "EU" {
        return rest;
    }
    // A region's name has lower-case words and then a number.
    if first.len() == 2 && first.bytes().all(|byte| byte.is_ascii_lowercase()) {
        let mut end = 0;
        for part in usage_type.split_inclusive('-') {
            end += part.len();
            let word = part.trim_end_matches('-');
            if word.bytes().all(|byte| byte.is_ascii_digit()) {
                return &usage_type[end..];
            }
            if !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
                break;
            }
        }
    }
    usage_type
}

/// Whether a text is as a pattern says, in which `*` stands for anything.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return text.ends_with(part);
        }
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
    }
    true
}

fn map_row(line: &[String]) -> Option<MapRow> {
    let [key, unit, offers, families, conditions, _note] = line else { return None };
    let several = |text: &str| -> Vec<String> {
        text.split('|').filter(|part| !part.is_empty()).map(ToOwned::to_owned).collect()
    };
    let conditions = conditions.split(';').map(|condition| {
        let (attribute, pattern) = condition.split_once('=')?;
        Some(Condition { attribute: plain_name(attribute), pattern: pattern.to_owned() })
    });
    Some(MapRow {
        key: key.clone(),
        unit: unit.clone(),
        offers: several(offers),
        families: several(families),
        conditions: conditions.collect::<Option<_>>()?,
    })
}

/// The lines of an embedded table, without its header.
fn lines(table: &'static str) -> impl Iterator<Item = Vec<String>> {
    let reader = ::csv::Reader::from_reader(table.as_bytes());
    reader.into_records().filter_map(Result::ok).map(|line| line.iter().map(ToOwned::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_tables_is_read() {
        let map = OfferMap::embedded();
        assert_eq!(map.rows.len(), KEYS.lines().count() - 1);
        assert_eq!(map.units.len(), UNITS.lines().count() - 1);
        assert_eq!(map.regions.len(), REGIONS.lines().count() - 1);
        let units: BTreeSet<&str> = map.units.keys().map(|(ours, _)| ours.as_str()).collect();
        for row in &map.rows {
            assert!(units.contains(row.unit.as_str()), "no unit of AWS is {}", row.unit);
            assert!(row.key.starts_with("aws/") && !row.offers.is_empty(), "{row:?}");
        }
    }

    #[test]
    fn every_price_of_the_standard_book_can_be_refreshed() {
        let map = OfferMap::embedded();
        let mut without = BTreeSet::new();
        for (key, _, price) in crate::book::standard().iter() {
            let pattern =
                |row: &MapRow| row.key.split_once('{').map_or(row.key.clone(), |(start, _)| format!("{start}*"));
            if !map.rows.iter().any(|row| row.unit == *price.unit && fits(&pattern(row), key)) {
                without.insert(format!("{key} by {}", price.unit));
            }
        }
        assert!(without.is_empty(), "nothing of AWS is {without:?}");
    }

    #[test]
    fn usage_types_lose_their_region() {
        for (given, expected) in [
            ("Requests-Tier1", "Requests-Tier1"),
            ("EUW1-Requests-Tier1", "Requests-Tier1"),
            ("EU-Requests-Tier1", "Requests-Tier1"),
            ("UGW1-BoxUsage:m5.large", "BoxUsage:m5.large"),
            ("eu-west-1-KMS-Keys", "KMS-Keys"),
            ("us-gov-west-1-KMS-Keys", "KMS-Keys"),
            ("EMR-SERVERLESS-vCPUHours", "EMR-SERVERLESS-vCPUHours"),
            ("ETL-DPU-Hour", "ETL-DPU-Hour"),
            ("stream.standard", "stream.standard"),
        ] {
            assert_eq!(without_region(given), expected);
        }
    }

    #[test]
    fn patterns_stand_for_what_they_say() {
        for (pattern, text, fit) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("", "", true),
            ("", "a", false),
            ("EBS:VolumeUsage*", "EBS:VolumeUsage.gp3", true),
            ("*Capacity*DPU*", "ProvisionedCapacityInDPUHours", true),
            ("*Capacity*DPU*", "CodeExecutionInDPUHours", false),
            ("*-Tier1", "Requests-Tier1", true),
            ("*-Tier1", "Requests-Tier11", false),
        ] {
            assert_eq!(fits(pattern, text), fit, "{pattern} {text}");
        }
    }

    #[test]
    fn units_are_converted() {
        let map = OfferMap::embedded();
        let factor = |ours, theirs| map.factor(ours, theirs).map(|factor| factor.normalize().to_string());
        assert_eq!(factor("GB-month", "GB-Mo"), Some("1".to_owned()));
        assert_eq!(factor("request", "Requests"), Some("1".to_owned()));
        assert_eq!(factor("request", "1M requests"), Some("0.000001".to_owned()));
        assert_eq!(factor("request", "1,000 Requests"), Some("0.001".to_owned()));
        // 1 GiBps is 1024 MiBps.
        assert_eq!(factor("MBps-month", "GiBps-mo"), Some("0.0009765625".to_owned()));
        assert_eq!(factor("GB-month", "Hrs"), None);
    }
}
