//! The built page, from its folder: compressed files by negotiation, conditional and range requests, caching.

use super::refusal::Refusal;
use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use percent_encoding::percent_decode_str;
use std::io::{self, ErrorKind};
use std::path::Path;
use tower_http::services::ServeDir;

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_FIRST: HeaderValue = HeaderValue::from_static("no-cache");

/// The folder with the built page.
#[derive(Clone, Debug)]
pub struct Page {
    files: ServeDir,
}

impl Page {
    /// Serves this folder.
    pub fn new(dist: &Path) -> Self {
        Self { files: ServeDir::new(dist).precompressed_br().precompressed_gzip().redirect_to_trailing_slash(false) }
    }

    /// Answers a request for a file of the page.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for what is not in the folder, [`Refusal::Method`] for another method on what is,
    /// [`Refusal::Unreadable`] for what cannot be opened.
    pub async fn serve(&self, mut head: Parts) -> Result<Response<Body>, Refusal> {
        let path = head.uri.path().to_owned();
        if !is_plain(&path) {
            return Err(Refusal::NotFound);
        }
        let allowed = matches!(head.method, Method::GET | Method::HEAD);
        if !allowed {
            head.method = Method::HEAD;
        }
        // The whole file is a right answer to a range that is not understood or not for sure, and the only one to HEAD.
        let range = range(&head.headers);
        let unsure = head.headers.remove(header::IF_RANGE).is_some();
        if range.is_none() || unsure || head.method == Method::HEAD {
            head.headers.remove(header::RANGE);
        }
        let mut response = self.open(head.clone()).await?;
        if response.status() == StatusCode::RANGE_NOT_SATISFIABLE && matches!(range, Some(Part::Last)) {
            // More than there is was wanted of the end: that is all of it.
            head.headers.remove(header::RANGE);
            response = self.open(head).await?;
        }
        match response.status() {
            _ if !allowed && response.status().is_success() => return Err(Refusal::Method),
            StatusCode::OK
            | StatusCode::PARTIAL_CONTENT
            | StatusCode::NOT_MODIFIED
            | StatusCode::RANGE_NOT_SATISFIABLE
            | StatusCode::PRECONDITION_FAILED => {}
            _ => return Err(Refusal::NotFound),
        }
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, if is_hashed(&path) { FOR_EVER } else { ASK_FIRST });
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/html") {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        }
        Ok(response)
    }

    async fn open(&self, head: Parts) -> Result<Response<Body>, Refusal> {
        let path = head.uri.path().to_owned();
        let response = self.files.clone().try_call(Request::from_parts(head, Body::empty())).await;
        response.map(|response| response.map(Body::new)).map_err(|error| unopened(&path, &error))
    }
}

/// Tells what is not there from what cannot be had.
fn unopened(path: &str, error: &io::Error) -> Refusal {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory | ErrorKind::InvalidFilename => {
            Refusal::NotFound
        }
        _ => {
            tracing::error!(?path, %error, "a file of the page cannot be opened");
            Refusal::Unreadable
        }
    }
}

/// Which part of a file is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// From a place on.
    From,
    /// The last bytes.
    Last,
}

/// What a request wants of a file, if that is one part, in bytes. Other units have to be ignored, lists of parts may be.
fn range(headers: &HeaderMap) -> Option<Part> {
    let number = |text: &str| text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit());
    let (first, last) = headers.get(header::RANGE)?.to_str().ok()?.strip_prefix("bytes=")?.split_once('-')?;
    match (first, last) {
        (first, last) if !number(first) || !number(last) => None,
        ("", last) => last.bytes().any(|digit| digit != b'0').then_some(Part::Last),
        _ => Some(Part::From),
    }
}

/// Whether every segment of the path is an ordinary file name: decoded once, no separator, no control character, not
/// hidden, not empty but at the very end.
fn is_plain(path: &str) -> bool {
    let Some(path) = path.strip_prefix('/') else {
        return false;
    };
    let ordinary = |segment: &str| {
        percent_decode_str(segment).decode_utf8().is_ok_and(|name| {
            !name.is_empty()
                && name.len() <= 255
                && !name.starts_with('.')
                && !name.chars().any(|char| matches!(char, '/' | '\\' | ':') || char.is_control())
        })
    };
    path.is_empty() || path.split('/').all(ordinary)
}

/// Whether the name holds the hash of what is in the file (`name-0123456789abcdef.js`, `…_bg.wasm`), so that the file
/// never changes.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some((stem, _)) = name.split_once('.') else {
        return false;
    };
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    stem.rsplit_once('-').is_some_and(|(_, hash)| hash.len() >= 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashed_names() {
        for name in [
            "/app-0123456789abcdef.js",
            "/a/bigkey-tasks-0123456789abcdef_bg.wasm",
            "/x-deadbeef.css",
            "/x-deadbeef.css.br",
        ] {
            assert!(is_hashed(name), "{name}");
        }
        for name in [
            "/",
            "/index.html",
            "/boot.js",
            "/app-1.js",
            "/app-notahexvalue.js",
            "/deadbeefdeadbeef.js",
            "/app-deadbeef",
        ] {
            assert!(!is_hashed(name), "{name}");
        }
    }

    #[test]
    fn only_ordinary_names() {
        for path in ["/", "/index.html", "/a/b.js", "/a%20b.js"] {
            assert!(is_plain(path), "{path}");
        }
        for path in [
            "",
            "*",
            "//",
            "//x",
            "/..",
            "/../x",
            "/.%2e/x",
            "/%2e%2e/x",
            "/a/..%2fb",
            "/a%5cb",
            "/a%00",
            "/.git/config",
            "/a//b",
            "/a/",
            "/%ff",
            "/c:x",
        ] {
            assert!(!is_plain(path), "{path}");
        }
    }
}
