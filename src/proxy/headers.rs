//! The security headers: strict for the page, stricter for everything else.

use super::settings::Wrong;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

const PAGE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
                           img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors ";
// Constants, so that the names are looked at when this is compiled and not for each answer.
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const DATA_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox");
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), \
     midi=(), payment=(), usb=()",
);

/// Builds the page's policy from the configured frame ancestors, and tells whether another origin is among them.
///
/// # Errors
/// The entry that is no source of a policy.
pub fn frame_ancestors(sources: &[String]) -> Result<(HeaderValue, bool), Wrong> {
    let wrong = |what: &str| {
        Wrong(format!("frame_ancestors: {what} not 'self' or an origin such as https://portal.example.com"))
    };
    if let Some(index) = sources.iter().position(|source| !is_source(source)) {
        return Err(wrong(&format!("entry {} is", index + 1)));
    }
    let list = if sources.is_empty() { "'none'".to_owned() } else { sources.join(" ") };
    let policy = HeaderValue::try_from(format!("{PAGE_POLICY}{list}")).map_err(|_| wrong("one is"))?;
    Ok((policy, sources.iter().any(|source| source != "'self'")))
}

fn is_source(source: &str) -> bool {
    if source == "'self'" {
        return true;
    }
    let host = source.strip_prefix("https://").or_else(|| source.strip_prefix("http://"));
    host.is_some_and(|host| {
        !host.is_empty()
            && host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b':' | b'*' | b'[' | b']'))
    })
}

/// Puts the headers of the page's files on.
pub fn page(headers: &mut HeaderMap, policy: &HeaderValue, embeddable: bool) {
    common(headers);
    headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
    let resource = if embeddable { "cross-origin" } else { "same-origin" };
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static(resource));
}

/// Puts the headers of all other answers on: even a page of HTML from the service could do nothing in a browser.
pub fn data(headers: &mut HeaderMap) {
    common(headers);
    headers.insert(header::CONTENT_SECURITY_POLICY, DATA_POLICY);
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
}

fn common(headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(PERMISSIONS_POLICY, PERMISSIONS);
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by it")]
mod tests {
    use super::*;

    #[test]
    fn the_policy_is_as_agreed() {
        let (policy, embeddable) = frame_ancestors(&[]).unwrap();
        assert_eq!(
            policy,
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
             img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
        assert!(!embeddable);
        let (policy, embeddable) = frame_ancestors(&["'self'".into(), "https://*.example.com:8443".into()]).unwrap();
        assert!(policy.to_str().unwrap().ends_with("frame-ancestors 'self' https://*.example.com:8443"));
        assert!(embeddable);
        assert!(!frame_ancestors(&["'self'".into()]).unwrap().1);
    }

    #[test]
    fn a_source_cannot_carry_another_directive() {
        for source in [
            "*",
            "",
            "example.com",
            "https://",
            "https://a; script-src *",
            "https://a, b",
            "https://a b",
            "https://a\r\nx: y",
            "'none'",
            "data:",
        ] {
            assert!(frame_ancestors(&[source.to_owned()]).is_err(), "{source:?}");
        }
    }
}
