//! What an answer of the service says about the credential of the call. Most failures say nothing: they come from before
//! the place where the credential is looked at, or from behind it without telling.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

/// Whether the credential was good. Where an answer does not tell, there is no verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The service looked at it and let the call pass.
    Accepted,
    /// The service refused it.
    Refused,
}

#[derive(Deserialize)]
struct Failure {
    error_code: Value,
}

impl Verdict {
    /// What the head of an answer says. A refusal is told by it alone: it counts even if the body is lost.
    pub fn of_head(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::UNAUTHORIZED => Some(Self::Refused),
            _ if status.is_success() => Some(Self::Accepted),
            _ => None,
        }
    }

    /// What a whole answer says whose head does not tell: if the service itself objects to something else, the credential
    /// passed. Throttling, another proxy's demand, and what is no error of the service's come from before that.
    pub fn of_body(status: StatusCode, body: &[u8]) -> Option<Self> {
        let from_before =
            [StatusCode::UNAUTHORIZED, StatusCode::PROXY_AUTHENTICATION_REQUIRED, StatusCode::TOO_MANY_REQUESTS];
        if !status.is_client_error() || from_before.contains(&status) {
            return None;
        }
        let passed = match serde_json::from_slice::<Failure>(body).ok()?.error_code {
            Value::String(code) => passed(&code),
            // The service's numbers; the gateway's codes all have a name in front.
            Value::Number(_) => true,
            _ => false,
        };
        passed.then_some(Self::Accepted)
    }
}

/// Whether whoever gives this code had checked the credential before.
fn passed(code: &str) -> bool {
    match code.split_once('.') {
        Some(("DCS", _)) => true,
        // The gateway knows the user, who may not do this. Its other codes come of requests that it does not understand.
        Some(("APIG" | "APIGW", number)) => number == "0302",
        Some(_) => false,
        None => !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by it")]
mod tests {
    use super::*;

    fn of(status: u16, body: &str) -> Option<Verdict> {
        let status = StatusCode::from_u16(status).unwrap();
        Verdict::of_head(status).or_else(|| Verdict::of_body(status, body.as_bytes()))
    }

    #[test]
    fn only_what_shows_that_the_credential_was_looked_at_is_a_verdict() {
        for (status, code) in
            [(400, "DCS.4919"), (403, "DCS.2003"), (404, "DCS.3022"), (400, "111400002"), (403, "APIGW.0302")]
        {
            let body = format!(r#"{{"error_code":"{code}","error_msg":"x"}}"#);
            assert_eq!(of(status, &body), Some(Verdict::Accepted), "{status} {code}");
        }
        assert_eq!(of(400, r#"{"error_code":111400002}"#), Some(Verdict::Accepted));
        for status in [200, 204] {
            assert_eq!(of(status, ""), Some(Verdict::Accepted), "{status}");
        }
        for body in ["", "<html>", r#"{"error_code":"DCS.1001"}"#, r#"{"error_code":"APIG.0301"}"#] {
            assert_eq!(of(401, body), Some(Verdict::Refused), "{body}");
        }
    }

    #[test]
    fn the_rest_says_nothing() {
        for status in [301, 304, 407, 429, 500, 502, 503, 504] {
            assert_eq!(of(status, r#"{"error_code":"DCS.5000"}"#), None, "{status}");
        }
        for (status, body) in [
            (404, r#"{"error_code":"APIG.0101"}"#),
            (403, r#"{"error_code":"APIGW.0303"}"#),
            (403, r#"{"error_code":"WAF.0302"}"#),
            (403, r#"{"error":{"code":403,"message":"x","title":"Forbidden"}}"#),
            (403, r#"{"error_code":null}"#),
            (400, r#"{"error_code":""}"#),
            (403, "<html>"),
            (404, ""),
        ] {
            assert_eq!(of(status, body), None, "{status} {body}");
        }
    }
}
