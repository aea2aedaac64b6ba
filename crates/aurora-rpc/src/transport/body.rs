//! The body of a response: read and unpacked, with a limit on its size.

use std::io::{self, Read as _};

use flate2::read::MultiGzDecoder;
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Bytes};
use hyper::header::{CONTENT_ENCODING, HeaderMap};

use super::broken;
use super::given::AnyBody;
use crate::error::Error;

/// How much room a response is given before its first byte is there.
const FIRST_CAPACITY: usize = 64 * 1024;

/// The whole body as it was sent.
pub(super) async fn collect(url: &str, mut body: AnyBody, limit: usize) -> Result<Bytes, Error> {
    let announced = body.size_hint().lower();
    if announced > limit as u64 {
        return Err(too_large(url, limit));
    }
    // A server must not reserve memory with a number that it announces.
    let capacity = usize::try_from(announced).map_or(FIRST_CAPACITY, |n| n.min(FIRST_CAPACITY));
    let mut bytes = Vec::with_capacity(capacity);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| broken(url, error))?;
        if let Some(data) = frame.data_ref() {
            if data.len() > limit - bytes.len() {
                return Err(too_large(url, limit));
            }
            bytes.extend_from_slice(data);
        }
    }
    Ok(bytes.into())
}

/// A body without its `Content-Encoding`. Only gzip is asked for, so another one is an error.
pub(super) async fn unpack(
    url: &str,
    headers: &HeaderMap,
    packed: Bytes,
    limit: usize,
) -> Result<Bytes, Error> {
    let Some(encoding) = headers.get(CONTENT_ENCODING) else {
        return Ok(packed);
    };
    let encoding = String::from_utf8_lossy(encoding.as_bytes())
        .trim()
        .to_ascii_lowercase();
    let failed = |reason: String| Error::Packing {
        url: url.to_owned(),
        reason,
    };
    match encoding.as_str() {
        "" | "identity" => return Ok(packed),
        "gzip" | "x-gzip" => {}
        other => return Err(failed(format!("its encoding `{other}` was not requested"))),
    }
    // Beside the runtime's own threads: a small body may become a large one.
    match tokio::task::spawn_blocking(move || inflate(&packed, limit)).await {
        Ok(Ok(Some(bytes))) => Ok(bytes.into()),
        Ok(Ok(None)) => Err(too_large(url, limit)),
        Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Err(failed("the gzip stream ends early".to_owned()))
        }
        Ok(Err(error)) => Err(failed(format!("it is not a gzip stream: {error}"))),
        Err(error) => Err(failed(error.to_string())),
    }
}

/// The unpacked bytes, or nothing when there are more than `limit` of them.
fn inflate(packed: &[u8], limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::with_capacity(FIRST_CAPACITY.min(limit));
    let mut unpacked = MultiGzDecoder::new(packed).take((limit as u64).saturating_add(1));
    unpacked.read_to_end(&mut bytes)?;
    Ok((bytes.len() <= limit).then_some(bytes))
}

fn too_large(url: &str, limit: usize) -> Error {
    Error::TooLarge {
        url: url.to_owned(),
        limit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn the_limit_is_that_of_the_unpacked_bytes() {
        let packed = gzip(&[b'x'; 1000]);
        assert!(packed.len() < 100);
        assert_eq!(inflate(&packed, 1000).unwrap().unwrap().len(), 1000);
        assert_eq!(inflate(&packed, 999).unwrap(), None);
        assert_eq!(inflate(&gzip(b""), 0).unwrap().unwrap(), b"");
    }

    #[test]
    fn streams_that_follow_each_other_are_one_body() {
        let packed = [gzip(b"ab"), gzip(b"cd")].concat();
        assert_eq!(inflate(&packed, 10).unwrap().unwrap(), b"abcd");
    }

    #[test]
    fn what_is_cut_or_altered_is_an_error() {
        let packed = gzip(b"a message of some length");
        for end in 0..packed.len() {
            assert!(inflate(&packed[..end], 100).is_err(), "{end}");
        }
        let mut altered = packed.clone();
        let crc = altered.len() - 8;
        altered[crc] ^= 1;
        assert!(inflate(&altered, 100).is_err());
    }
}
