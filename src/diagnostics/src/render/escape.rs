//! Makes hostile text harmless: what a provider, a file or a path holds must not steer the reader's terminal.

/// How many spaces a tab becomes.
const TAB: &str = "    ";

/// One character as it may be printed: itself, spaces for a tab, else its escape in HCL's own notation (`\u001b`).
pub fn character(character: char, out: &mut String) {
    match character {
        '\t' => out.push_str(TAB),
        _ if !deceives(character) => out.push(character),
        '\u{0}'..='\u{ffff}' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
        _ => out.push_str(&format!("\\U{:08x}", u32::from(character))),
    }
}

/// Text for one line: line breaks are escaped too.
#[must_use]
pub fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|each| character(each, &mut out));
    out
}

/// Text of several lines: line breaks stay, in whichever convention they came.
pub fn lines(text: &str) -> impl Iterator<Item = String> + '_ {
    text.lines().map(line)
}

/// Whether a character does something to a terminal, reorders the text around it, or can't be seen.
fn deceives(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}
