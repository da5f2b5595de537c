//! What a file is, by its first bytes: text and gzip are read as a stream, other forms are refused by their name.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use flate2::read::MultiGzDecoder;

/// Bytes that are asked for at a time.
const BLOCK: usize = 1 << 16;

/// Why an input is not text.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// It can't be read, or its compression is broken.
    #[error("it can't be read: {0}")]
    Read(#[from] io::Error),
    /// It has no bytes.
    #[error("it is empty")]
    Empty,
    /// It is of another form.
    #[error("it is {form}: {way_out}")]
    Form {
        /// What it is.
        form: &'static str,
        /// How it becomes readable.
        way_out: &'static str,
    },
}

/// The text of an input: unpacked where it is gzip, without the mark that some programs put before UTF-8.
///
/// # Errors
/// Where it is empty, or plainly something else: a zip archive, Parquet, UTF-16.
pub fn text<'a>(input: impl Read + 'a) -> Result<Box<dyn BufRead + 'a>, InputError> {
    let (head, rest) = peek(input)?;
    if head.starts_with(&[0x1f, 0x8b]) {
        let (head, rest) = peek(MultiGzDecoder::new(BufReader::with_capacity(BLOCK, rest)))?;
        return plain(&head, rest);
    }
    plain(&head, rest)
}

type Peeked<R> = Chain<Cursor<Vec<u8>>, R>;

/// The first four bytes, and the input as if they had not been read.
fn peek<R: Read>(mut input: R) -> io::Result<(Vec<u8>, Peeked<R>)> {
    let mut head = Vec::with_capacity(4);
    input.by_ref().take(4).read_to_end(&mut head)?;
    Ok((head.clone(), Cursor::new(head).chain(input)))
}

fn plain<'a>(head: &[u8], rest: impl Read + 'a) -> Result<Box<dyn BufRead + 'a>, InputError> {
    let form = |form, way_out| Err(InputError::Form { form, way_out });
    match head {
        [] => Err(InputError::Empty),
        [b'P', b'K', ..] => form("a zip archive", "unpack it first"),
        [b'P', b'A', b'R', b'1'] => form("Parquet", "have it exported as CSV, plain or gzip"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            form("text in UTF-16", "save it as UTF-8, for example with `iconv -f UTF-16 -t UTF-8`")
        }
        _ => {
            let mut text = BufReader::with_capacity(BLOCK, rest);
            if head.starts_with(&[0xef, 0xbb, 0xbf]) {
                text.read_exact(&mut [0; 3])?;
            }
            Ok(Box::new(text))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read(bytes: &[u8]) -> Result<String, String> {
        let mut read = String::new();
        let mut text = text(bytes).map_err(|error| error.to_string())?;
        text.read_to_string(&mut read).map_err(|error| error.to_string())?;
        Ok(read)
    }

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(text).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn text_is_read_as_it_is_and_out_of_gzip() {
        assert_eq!(read(b"a,b\n"), Ok("a,b\n".to_owned()));
        assert_eq!(read(b"\xef\xbb\xbfa,b\n"), Ok("a,b\n".to_owned()));
        assert_eq!(read(&packed(b"\xef\xbb\xbfa,b\n")), Ok("a,b\n".to_owned()));
        // Files that were packed in parts are one text.
        assert_eq!(read(&[packed(b"a,"), packed(b"b\n")].concat()), Ok("a,b\n".to_owned()));
    }

    #[test]
    fn other_forms_are_named() {
        assert_eq!(read(b""), Err("it is empty".to_owned()));
        assert_eq!(read(&packed(b"")), Err("it is empty".to_owned()));
        assert_eq!(read(b"PK\x03\x04..."), Err("it is a zip archive: unpack it first".to_owned()));
        assert_eq!(read(b"PAR1..."), Err("it is Parquet: have it exported as CSV, plain or gzip".to_owned()));
        assert!(read(b"\xff\xfea\0").is_err_and(|error| error.starts_with("it is text in UTF-16")));
    }

    #[test]
    fn gzip_that_was_cut_off_is_an_error() {
        let packed = packed(b"a,b\nc,d\n");
        assert!(read(&packed[..packed.len() - 6]).is_err());
    }
}
