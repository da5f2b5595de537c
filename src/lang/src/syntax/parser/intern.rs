//! Shares the text of names that occur again and again in a file.

use std::sync::Arc;

const SLOTS: usize = 512;

/// A cache of names. It may forget one, which costs memory, never correctness.
#[derive(Default)]
pub(super) struct Names {
    slots: Vec<Option<Arc<str>>>,
}

impl Names {
    /// The shared text that equals `name`.
    pub(super) fn get(&mut self, name: &str) -> Arc<str> {
        if self.slots.is_empty() {
            self.slots.resize(SLOTS, None);
        }
        // FNV-1a; names are short.
        let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let slot = &mut self.slots[(hash ^ (hash >> 15)) as usize % SLOTS];
        match slot {
            Some(text) if &**text == name => text.clone(),
            _ => {
                let text: Arc<str> = name.into();
                *slot = Some(text.clone());
                text
            }
        }
    }
}
