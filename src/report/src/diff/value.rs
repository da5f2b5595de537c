//! One value or pair of values at a place.

use mesh_value::{Kind, Value};

use super::inline::{changed_text, is_single_line};
use super::{Diff, Forcing, Place, Sides, inline, json, shown_elements};
use crate::line::{Line, Marker};

impl Diff {
    /// Writes what is at a place.
    pub(crate) fn item(&mut self, place: &Place, sides: Sides<'_>, forcing: &Forcing<'_>) {
        match sides {
            Sides::Added(value) | Sides::Removed(value) | Sides::Kept(value) => {
                self.whole(place, sides, value, forcing);
            }
            Sides::Changed(before, after) => self.changed(place, before, after, forcing),
        }
    }

    /// A value that comes, goes or stays as a whole.
    fn whole(&mut self, place: &Place, sides: Sides<'_>, value: &Value, forcing: &Forcing<'_>) {
        let marker = sides.marker();
        let line = Line::new(marker, place.depth).plain(place.label.clone());
        if let Some(text) = inline(value) {
            let line = closed(line.plain(text), place, sides);
            self.push(line, forcing);
            return;
        }
        if let Kind::String(text) = value.kind() {
            match json::parsed(text) {
                Some(parsed) => {
                    self.push(line.plain("jsonencode("), forcing);
                    let inner = Place { depth: place.depth + 1, ..Place::default() };
                    self.in_json = true;
                    self.whole(&inner, same_side(sides, &parsed), &parsed, &Vec::new());
                    self.in_json = false;
                    self.lines.push(closed(Line::new(Marker::None, place.depth).plain(")"), place, sides));
                }
                None => {
                    let end = self.heredoc(line, text, forcing, place.depth);
                    self.lines.push(closed(Line::new(Marker::None, place.depth).plain(end), place, sides));
                }
            }
            return;
        }
        if self.shows_nothing(value) {
            let line = closed(line.plain("{}"), place, sides);
            self.push(line, forcing);
            return;
        }
        let (open, close) = if value.as_slice().is_some() { ("[", "]") } else { ("{", "}") };
        self.push(line.plain(open), forcing);
        match value.as_slice() {
            Some(elements) => {
                let most = shown_elements(elements.len());
                for element in elements.iter().take(most) {
                    let inner = Place { depth: place.depth + 1, end: ",", ..Place::default() };
                    self.whole(&inner, same_side(sides, element), element, &Vec::new());
                }
                self.hidden(place.depth + 1, elements.len() - most, "more element");
            }
            None => self.entries(place.depth + 1, value, |value| same_side(sides, value)),
        }
        self.lines.push(closed(Line::new(Marker::None, place.depth).plain(close), place, sides));
    }

    /// A value that becomes another.
    fn changed(&mut self, place: &Place, before: &Value, after: &Value, forcing: &Forcing<'_>) {
        let line = Line::new(Marker::Update, place.depth).plain(place.label.clone());
        if before.marks().is_sensitive() || after.marks().is_sensitive() {
            let note = match (before.marks().is_sensitive(), after.marks().is_sensitive()) {
                (false, true) if before.same(after) => " # becomes sensitive",
                (true, false) => " # no longer sensitive, shown after apply",
                _ => "",
            };
            self.push(line.plain("(sensitive value)").plain(place.end).faint(note), forcing);
            return;
        }
        let is_element = !place.names_null;
        match (before.kind(), after.kind()) {
            (Kind::Null(_), _) if !is_element => self.whole(place, Sides::Added(after), after, forcing),
            (_, Kind::Null(_)) if !is_element => self.whole(place, Sides::Removed(before), before, forcing),
            (_, Kind::Unknown(_)) => {
                let old = inline(before).unwrap_or_else(|| match before.as_str() {
                    Some(text) => format!("({})", crate::text::counted(text.lines().count(), "line")),
                    None => format!("({})", before.describe()),
                });
                let new = inline(after).unwrap_or_default();
                self.push(line.plain(old).arrow().plain(new).plain(place.end), forcing);
            }
            (Kind::String(old), Kind::String(new)) => self.changed_string(place, line, (old, new), forcing),
            (Kind::Map(_) | Kind::Object(_), Kind::Map(_) | Kind::Object(_)) => {
                self.push(line.plain("{"), forcing);
                self.attributes(place.depth + 1, Sides::Changed(before, after), forcing);
                self.lines.push(Line::new(Marker::None, place.depth).plain("}").plain(place.end));
            }
            (Kind::Set(old), Kind::Set(new)) => {
                self.push(line.plain("["), forcing);
                self.set_elements(place.depth + 1, &old.1, &new.1);
                self.lines.push(Line::new(Marker::None, place.depth).plain("]").plain(place.end));
            }
            (Kind::List(_) | Kind::Tuple(_), Kind::List(_) | Kind::Tuple(_)) => {
                self.push(line.plain("["), forcing);
                let elements = |value: &'_ Value| value.as_slice().unwrap_or_default().to_vec();
                self.list_elements(place.depth + 1, &elements(before), &elements(after), forcing);
                self.lines.push(Line::new(Marker::None, place.depth).plain("]").plain(place.end));
            }
            _ => match (inline(before), inline(after)) {
                (Some(old), Some(new)) => self.push(line.plain(old).arrow().plain(new).plain(place.end), forcing),
                _ => {
                    let place = Place { names_null: false, ..place.clone() };
                    self.whole(&place, Sides::Removed(before), before, &Vec::new());
                    self.whole(&place, Sides::Added(after), after, forcing);
                }
            },
        }
    }

    fn changed_string(&mut self, place: &Place, line: Line, (old, new): (&str, &str), forcing: &Forcing<'_>) {
        if let (Some(before), Some(after)) = (json::parsed(old), json::parsed(new)) {
            let is_layout = before.same(&after);
            let line = line.plain("jsonencode(");
            self.push(if is_layout { line.faint(" # only its layout changes") } else { line }, forcing);
            let inner = Place { depth: place.depth + 1, ..Place::default() };
            if is_layout {
                let count = before.length().unwrap_or_default();
                self.hidden(inner.depth, count, "unchanged element");
            } else {
                self.in_json = true;
                self.changed(&inner, &before, &after, &Vec::new());
                self.in_json = false;
            }
            self.lines.push(Line::new(Marker::None, place.depth).plain(")").plain(place.end));
        } else if is_single_line(old) && is_single_line(new) {
            let (old, new) = changed_text(old, new);
            self.push(line.plain(old).arrow().plain(new).plain(place.end), forcing);
        } else {
            self.changed_lines(place, line, (old, new), forcing);
        }
    }
}

/// What ends a value: `-> null` where an attribute goes, `,` after an element.
fn closed(line: Line, place: &Place, sides: Sides<'_>) -> Line {
    match sides {
        Sides::Removed(_) if place.names_null => line.arrow().plain("null"),
        _ => line.plain(place.end),
    }
}

/// A part of a value that comes, goes or stays does so too.
const fn same_side<'a>(whole: Sides<'_>, part: &'a Value) -> Sides<'a> {
    match whole {
        Sides::Added(_) | Sides::Changed(..) => Sides::Added(part),
        Sides::Removed(_) => Sides::Removed(part),
        Sides::Kept(_) => Sides::Kept(part),
    }
}
