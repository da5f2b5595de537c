//! Private RSA keys: read from PEM as OpenSSL and OpenSSH write them, and used to decrypt.
//!
//! It runs where the configuration is evaluated, on what its author gave; nobody else can time it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dashu_int::UBig;
use dashu_int::fast_div::ConstDivisor;

/// What is needed of a key: the modulus and the private exponent.
pub(super) struct PrivateKey {
    modulus: UBig,
    exponent: UBig,
}

impl PrivateKey {
    /// Reads a key: PKCS #1, PKCS #8, or OpenSSH's own form, not encrypted.
    ///
    /// # Errors
    /// Why it is none.
    pub(super) fn from_pem(pem: &str) -> Result<Self, &'static str> {
        let (_, rest) = pem.split_once("-----BEGIN ").ok_or("it does not begin as a PEM file does")?;
        let (label, rest) = rest.split_once("-----").ok_or("its first line is not complete")?;
        let (body, _) = rest.split_once("-----END ").ok_or("its last line is missing")?;
        if body.contains("ENCRYPTED") || label.contains("ENCRYPTED") {
            return Err("it is encrypted; take its passphrase off before");
        }
        let body: String = body.split_ascii_whitespace().collect();
        let bytes = STANDARD.decode(body).map_err(|_| "its lines are not Base64")?;
        let key = match label {
            "RSA PRIVATE KEY" => pkcs1(&bytes),
            "PRIVATE KEY" => pkcs8(&bytes),
            "OPENSSH PRIVATE KEY" => openssh(&bytes),
            _ => return Err("it is no private RSA key"),
        };
        key.ok_or("it is no private RSA key that can be read")
    }

    /// Decrypts by RSAES-PKCS1-v1_5 of RFC 8017; `None` where it was not encrypted for this key.
    pub(super) fn decrypt(&self, ciphertext: &[u8]) -> Option<Vec<u8>> {
        let encrypted = UBig::from_be_bytes(ciphertext);
        if encrypted >= self.modulus {
            return None;
        }
        let ring = ConstDivisor::new(self.modulus.clone());
        let padded = ring.reduce(encrypted).pow(&self.exponent).residue().to_be_bytes();
        let size = self.modulus.to_be_bytes().len();
        // The first byte is 0 and lost in a number; then come 2, at least eight bytes that are not 0, and a 0.
        let padded = padded.strip_prefix(&[2]).filter(|rest| rest.len() + 2 == size)?;
        let end = padded.iter().position(|byte| *byte == 0).filter(|end| *end >= 8)?;
        padded.get(end + 1..).map(<[u8]>::to_vec)
    }
}

/// The contents of a DER element of a kind, and what follows it.
fn element(bytes: &[u8], kind: u8) -> Option<(&[u8], &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match usize::from(*length) {
        short @ 0..=0x7f => (short, rest),
        long => {
            let (digits, rest) = rest.split_at_checked(long - 0x80).filter(|(digits, _)| digits.len() <= 4)?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
    };
    (*first == kind).then_some(())?;
    rest.split_at_checked(length)
}

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// `RSAPrivateKey` of RFC 8017: version, modulus, public and private exponent.
fn pkcs1(bytes: &[u8]) -> Option<PrivateKey> {
    let (inside, _) = element(bytes, SEQUENCE)?;
    let (_version, rest) = element(inside, INTEGER)?;
    let (modulus, rest) = element(rest, INTEGER)?;
    let (_public, rest) = element(rest, INTEGER)?;
    let (exponent, _) = element(rest, INTEGER)?;
    key(modulus, exponent)
}

/// `PrivateKeyInfo` of RFC 5208: version, algorithm, the key.
fn pkcs8(bytes: &[u8]) -> Option<PrivateKey> {
    let (inside, _) = element(bytes, SEQUENCE)?;
    let (_version, rest) = element(inside, INTEGER)?;
    let (_algorithm, rest) = element(rest, SEQUENCE)?;
    let (inner, _) = element(rest, OCTETS)?;
    pkcs1(inner)
}

/// OpenSSH's PROTOCOL.key: lengths of four bytes before each field.
fn openssh(bytes: &[u8]) -> Option<PrivateKey> {
    fn field(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
    }
    let rest = bytes.strip_prefix(b"openssh-key-v1\0")?;
    let (cipher, rest) = field(rest)?;
    let (_derivation, rest) = field(rest)?;
    let (_options, rest) = field(rest)?;
    let rest = rest.strip_prefix(&[0, 0, 0, 1])?;
    let (_public, rest) = field(rest)?;
    let (private, _) = field(rest)?;
    let (kind, rest) = field(private.get(8..)?)?;
    if cipher != b"none" || kind != b"ssh-rsa" {
        return None;
    }
    let (modulus, rest) = field(rest)?;
    let (_public, rest) = field(rest)?;
    let (exponent, _) = field(rest)?;
    key(modulus, exponent)
}

fn key(modulus: &[u8], exponent: &[u8]) -> Option<PrivateKey> {
    let (modulus, exponent) = (UBig::from_be_bytes(modulus), UBig::from_be_bytes(exponent));
    (modulus > UBig::from(u64::MAX)).then_some(PrivateKey { modulus, exponent })
}
