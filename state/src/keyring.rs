//! The key that keeps secrets out of the state's files.

use std::fmt;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};

/// Ties every ciphertext to what it is for.
const PURPOSE: &[u8] = b"mesh sealed value 1";
const FORMAT: u8 = 1;
const ID: usize = 8;
const NONCE: usize = 24;

/// A key for sensitive values: XChaCha20-Poly1305 with a random nonce each time.
///
/// # What it protects
/// Whoever gets the state, an export, a backup or a plan file without the key reads no sensitive value, and cannot change
/// one unseen. A key that lies beside the state, as the embedded store makes one by default, protects copies that
/// leave the directory, and nothing from someone who can read the directory itself. Attribute names, types, which
/// attributes are sensitive, and roughly how long their values are, stay readable.
#[derive(Clone)]
pub struct Keyring {
    cipher: Arc<XChaCha20Poly1305>,
    id: [u8; ID],
}

/// Why a value could not be sealed or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The key's text is not a key.
    #[error("{origin} is not a key: expected 32 bytes in base64 or as 64 hexadecimal digits")]
    NotAKey {
        /// Where the text came from.
        origin: String,
    },
    /// The key file can't be used.
    #[error("{action} the key file {path}: {reason}")]
    File {
        /// What was tried.
        action: &'static str,
        /// Which file.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// It was sealed with another key.
    #[error("it was encrypted with key {sealed_with}, but the key at hand is {at_hand}: give the key it was made with")]
    WrongKey {
        /// The id of the key it takes.
        sealed_with: String,
        /// The id of this key.
        at_hand: String,
    },
    /// The bytes are not what was sealed.
    #[error("the encrypted value is damaged or was tampered with")]
    Damaged,
    /// The system gives no random bytes.
    #[error("the system gives no random bytes: {0}")]
    NoRandomness(String),
    /// An ephemeral value was about to be written.
    #[error("the value at `{path}` is ephemeral and must not be stored. This is a bug in mesh")]
    Ephemeral {
        /// Where in the value.
        path: String,
    },
    /// The stored form does not make a value.
    #[error("{0}")]
    Form(String),
}

impl Keyring {
    /// Takes a key.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        let digest = blake3::derive_key("mesh state key id 1", &key);
        let mut id = [0; ID];
        id.copy_from_slice(&digest[..ID]);
        Self { cipher: Arc::new(XChaCha20Poly1305::new(&Key::from(key))), id }
    }

    /// Reads a key from text: base64 or 64 hexadecimal digits. `origin` names the text in errors, such as
    /// "the environment variable MESH_STATE_KEY".
    ///
    /// # Errors
    /// [`SealError::NotAKey`].
    pub fn from_text(text: &str, origin: &str) -> Result<Self, SealError> {
        let text = text.trim();
        let bytes = if text.len() == 64 { from_hex(text) } else { STANDARD.decode(text).ok() };
        let key = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        key.map(Self::new).ok_or_else(|| SealError::NotAKey { origin: origin.into() })
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// Where it can't be read or holds no key.
    pub fn from_file(path: &Path) -> Result<Self, SealError> {
        let text = std::fs::read_to_string(path).map_err(|error| file_error("can't read", path, &error))?;
        Self::from_text(&text, &format!("the content of {}", path.display()))
    }

    /// Makes a new key in a file that only its owner can read. Does not replace a file.
    ///
    /// # Errors
    /// Where the file exists or can't be written.
    pub fn create_file(path: &Path) -> Result<Self, SealError> {
        let mut key = [0; 32];
        random(&mut key)?;
        let failed = |error: &std::io::Error| file_error("can't create", path, error);
        let directory = path.parent().unwrap_or(Path::new("."));
        // Temporary files are made with mode 0600.
        let mut file = tempfile::NamedTempFile::new_in(directory).map_err(|error| failed(&error))?;
        writeln!(file, "{}", STANDARD.encode(key)).map_err(|error| failed(&error))?;
        file.as_file().sync_all().map_err(|error| failed(&error))?;
        file.persist_noclobber(path).map_err(|error| failed(&error.error))?;
        let opened = std::fs::File::open(directory).and_then(|directory| directory.sync_all());
        opened.map_err(|error| failed(&error))?;
        Ok(Self::new(key))
    }

    /// A name for the key that says nothing about it.
    #[must_use]
    pub fn id(&self) -> String {
        hex(&self.id)
    }

    /// Encrypts bytes into base64 text.
    pub(crate) fn encrypt(&self, plain: &[u8]) -> Result<String, SealError> {
        let mut nonce = [0; NONCE];
        random(&mut nonce)?;
        let payload = Payload { msg: plain, aad: PURPOSE };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::Damaged)?;
        Ok(STANDARD.encode([&[FORMAT][..], &self.id, &nonce, &sealed].concat()))
    }

    /// Decrypts what [`encrypt`](Self::encrypt) made.
    pub(crate) fn decrypt(&self, text: &str) -> Result<Vec<u8>, SealError> {
        let bytes = STANDARD.decode(text).map_err(|_| SealError::Damaged)?;
        let Some((&[FORMAT], rest)) = bytes.split_first_chunk() else { return Err(SealError::Damaged) };
        let Some((id, rest)) = rest.split_first_chunk::<ID>() else { return Err(SealError::Damaged) };
        let Some((nonce, sealed)) = rest.split_first_chunk::<NONCE>() else { return Err(SealError::Damaged) };
        if *id != self.id {
            return Err(SealError::WrongKey { sealed_with: hex(id), at_hand: self.id() });
        }
        let payload = Payload { msg: sealed, aad: PURPOSE };
        self.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| SealError::Damaged)
    }
}

/// Shows the key's id, never the key.
impl fmt::Debug for Keyring {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Keyring({})", self.id())
    }
}

fn random(bytes: &mut [u8]) -> Result<(), SealError> {
    getrandom::fill(bytes).map_err(|error| SealError::NoRandomness(error.to_string()))
}

fn file_error(action: &'static str, path: &Path, error: &std::io::Error) -> SealError {
    SealError::File { action, path: path.display().to_string(), reason: error.to_string() }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    Some(digits?.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}
