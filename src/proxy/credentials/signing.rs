//! The signature `SDK-HMAC-SHA256`, as the official SDK makes it.

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

const ALGORITHM: &str = "SDK-HMAC-SHA256";
/// The hash of no body.
const EMPTY_BODY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/// What is encoded: all but letters, digits and `-_.~`.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The parts of a request without a body that a signature covers.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// The path.
    pub path: &'a str,
    /// The query, encoded and with its parameters sorted.
    pub query: &'a str,
    /// The headers to sign: names in small letters, sorted.
    pub headers: &'a [(&'a str, &'a str)],
    /// The value of `x-sdk-date`.
    pub date: &'a str,
}

/// Makes the value of the `Authorization` header.
pub fn sign(request: &Request<'_>, access_key: &str, secret_key: &[u8]) -> String {
    let names: Vec<&str> = request.headers.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let to_sign = format!("{ALGORITHM}\n{}\n{}", request.date, hex::encode(Sha256::digest(canonical(request, &names))));
    let signature = Hmac::<Sha256>::new_from_slice(secret_key)
        .map(|mac| hex::encode(mac.chain_update(to_sign).finalize().into_bytes()))
        .unwrap_or_default();
    format!("{ALGORITHM} Access={access_key}, SignedHeaders={names}, Signature={signature}")
}

fn canonical(request: &Request<'_>, names: &str) -> String {
    let decoded = percent_decode_str(request.path).decode_utf8_lossy();
    let mut path = decoded
        .split('/')
        .map(|segment| utf8_percent_encode(segment, RESERVED).to_string())
        .collect::<Vec<_>>()
        .join("/");
    if !path.ends_with('/') {
        path.push('/');
    }
    let headers = request.headers.iter().fold(String::new(), |all, (name, value)| {
        all + name
            + ":"
            + value.trim()
            + "
"
    });
    format!("{}\n{path}\n{}\n{headers}\n{names}\n{EMPTY_BODY}", request.method, request.query)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded from the official SDK (3.1.219): its requests, taken down by a local server.
    #[test]
    fn signs_as_the_official_sdk_did() {
        let agent = "huaweicloud-usdk-python/3.0; os/Linux##1_SMP_PREEMPT_DYNAMIC_@0#x86_64 python/3.11.7 impl/CPython; \
                     app/fdf0e616-21e4-4c2d-accf-ec482f73e35f";
        let project = "a4d31cb6-3d72-4fdc-8ec9-6e3a41e47f71";
        let path = format!("/v2/{project}/instances/5560df16-cebf-4473-95c4-d1b573c16e79/bigkey-tasks");
        for (query, signature) in [
            ("", "0ce2401ac41e33e934c8d7509032727c7926bb15ec9641e8c55d0ad72cb1cf6d"),
            ("limit=10&offset=0", "e1158902cf66f8820bdf3969b7374a2ddea44f02daabf5c9b425f7fed3ae1e96"),
            ("limit=1000&offset=20&status=success", "74f7807a798fdac24564ab99fa9602e9bc2d9bc36abac0afb21bee14cd72e0b5"),
            ("status=failed", "84f18d381ae52074a692b1a3d040ab96507aaf5e38c92b8e01cb2711580f3101"),
        ] {
            let headers = [
                ("content-type", "application/json"),
                ("host", "127.0.0.1:38473"),
                ("user-agent", agent),
                ("x-project-id", project),
                ("x-sdk-date", "20261124T063556Z"),
            ];
            let request = Request { method: "GET", path: &path, query, headers: &headers, date: "20261124T063556Z" };
            let expected = format!(
                "SDK-HMAC-SHA256 Access=AKEXAMPLE1234567890, \
                 SignedHeaders=content-type;host;user-agent;x-project-id;x-sdk-date, Signature={signature}"
            );
            assert_eq!(sign(&request, "AKEXAMPLE1234567890", b"SKExampleSecret+/=0123456789"), expected, "{query}");
        }
    }
}
