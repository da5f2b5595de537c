//! One value or pair of values at a place.

use std::borrow::Cow;

use mesh_value::{Kind, Value};

use super::entries::shows_nothing;
use super::inline::{changed_text, is_single_line};
use super::json::{self, Document};
use super::multiline::Form;
use super::{Diff, Forcing, Place, Sides, inline, shown_elements};
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
            let (document, form) = laid_out(text);
            let end = self.heredoc(line, (&document, form), forcing, place.depth);
            self.lines.push(closed(Line::new(Marker::None, place.depth).plain(end), place, sides));
            return;
        }
        if shows_nothing(value) {
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
        if is_single_line(old) && is_single_line(new) {
            let (old, new) = changed_text(old, new);
            self.push(line.plain(old).arrow().plain(new).plain(place.end), forcing);
            return;
        }
        match (Document::parse(old), Document::parse(new)) {
            (Some(_), Some(after)) if json::means_the_same(old, new) => {
                let line = line.plain(format!("<<-{}", json::END)).faint(" # only its layout changes");
                self.push(line, forcing);
                self.unchanged_lines(place.depth + 1, after.text().lines().count());
                self.lines.push(Line::new(Marker::None, place.depth).plain(json::END).plain(place.end));
            }
            (Some(before), Some(after)) => {
                let (old, new) = json::aligned(before, after);
                self.changed_lines(place, line, (&old, &new, Form::Json), forcing);
            }
            _ => {
                let ((old, _), (new, _)) = (laid_out(old), laid_out(new));
                self.changed_lines(place, line, (&old, &new, Form::Text), forcing);
            }
        }
    }
}

/// A text of several lines as it is shown: a JSON document in its own layout.
fn laid_out(text: &str) -> (Cow<'_, str>, Form) {
    match Document::parse(text) {
        Some(document) => {
            let end = if text.ends_with('\n') { "\n" } else { "" };
            ((document.text() + end).into(), Form::Json)
        }
        None => (text.into(), Form::Text),
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
