//! What the proxy itself answers when it cannot or will not pass a request on, in the service's error shape.

use super::answer::Answer;
use axum::http::{HeaderValue, StatusCode, header};
use bytes::Bytes;
use serde::Serialize;

/// A reason of the proxy's own for not giving what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The path does not exist.
    #[error("There is nothing at this address.")]
    NotFound,
    /// The path exists, the method does not.
    #[error("Only GET and HEAD are answered here.")]
    Method,
    /// A project or instance ID is malformed; holds which of the two.
    #[error("The {0} ID is malformed: 1 to 64 letters, digits, hyphens and underscores are allowed. Correct it.")]
    Id(&'static str),
    /// A query parameter is not valid; holds what is allowed.
    #[error("A parameter is invalid: {0}.")]
    Parameter(&'static str),
    /// A file of the page is there, but cannot be opened.
    #[error("The proxy cannot open this file of the page. Try again; if it stays so, its log says why.")]
    Unreadable,
    /// The request carries a body.
    #[error("A request must not have a body here.")]
    Body,
    /// The request does not name its host as HTTP wants it.
    #[error("A request must name one host.")]
    Host,
    /// The pair is not in the allow-list.
    #[error("This proxy does not serve this project and instance. Ask its administrator to allow the pair.")]
    NotAllowed,
    /// Another site's page made the request.
    #[error("Requests from the pages of another site are refused.")]
    CrossSite,
    /// As many upstream calls are under way as the configuration allows, or answers are not yet taken; holds seconds to wait.
    #[error("Too many calls to the service are under way. Try again in {0} s.")]
    Busy(u64),
    /// The service could not be reached.
    #[error("The proxy cannot reach the service. Try again; if it stays so, check the upstream address.")]
    Unreachable,
    /// The service took too long.
    #[error("The service did not answer in time. Try again later.")]
    Timeout,
    /// The answer was greater than allowed.
    #[error("The service's answer is greater than the proxy passes on. Ask for fewer rows per page.")]
    TooLarge,
    /// The answer ended too early, or was no HTTP.
    #[error("The service's answer broke off or could not be read. Try again.")]
    Broken,
    /// The answer was a redirection, which is never followed.
    #[error("The service answered with a redirection, which the proxy does not follow. Check the upstream address.")]
    Redirect,
    /// There is no usable credential.
    #[error("The proxy's credential was refused or is missing. Its administrator must renew it.")]
    Credential,
    /// The credential is given a rest after several refusals; holds seconds to wait.
    #[error("The proxy's credential was refused several times and is not tried again for {0} s.")]
    CredentialResting(u64),
    /// A new token could not be had, for a reason that may pass.
    #[error("The proxy could not get a token from the identity service. Try again later.")]
    NoToken,
}

#[derive(Serialize)]
struct Body<'a> {
    error_code: &'a str,
    error_msg: &'a str,
}

impl Refusal {
    /// The HTTP status of this refusal.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Id(_) | Self::Parameter(_) | Self::Body | Self::Host => StatusCode::BAD_REQUEST,
            Self::NotAllowed | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::Busy(_) | Self::CredentialResting(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Unreachable | Self::TooLarge | Self::Broken | Self::Redirect | Self::NoToken => {
                StatusCode::BAD_GATEWAY
            }
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
            Self::Unreadable => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Credential => StatusCode::UNAUTHORIZED,
        }
    }

    /// The error code: the service's own where it has one for this, else one that begins with `PROXY.`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "PROXY.0404",
            Self::Method => "PROXY.0405",
            Self::Id(_) => "DCS.4061",
            Self::Parameter(_) => "DCS.4800",
            Self::Body | Self::Host => "PROXY.0400",
            Self::NotAllowed => "PROXY.0403",
            Self::CrossSite => "PROXY.0413",
            Self::Unreadable => "PROXY.0500",
            Self::Busy(_) => "PROXY.0503",
            Self::Unreachable => "PROXY.0502",
            Self::Timeout => "PROXY.0504",
            Self::TooLarge => "PROXY.0512",
            Self::Broken => "PROXY.0522",
            Self::Redirect => "PROXY.0532",
            Self::Credential => "PROXY.0401",
            Self::CredentialResting(_) => "PROXY.0513",
            Self::NoToken => "PROXY.0542",
        }
    }

    /// This refusal as an answer.
    pub fn answer(&self) -> Answer {
        let retry_after = match self {
            Self::Busy(seconds) | Self::CredentialResting(seconds) => Some(HeaderValue::from(*seconds)),
            _ => None,
        };
        let body = Body { error_code: self.code(), error_msg: &self.to_string() };
        Answer {
            status: self.status(),
            content_type: Some(HeaderValue::from_static("application/json")),
            retry_after,
            request_id: None,
            body: serde_json::to_vec(&body).map(Bytes::from).unwrap_or_default(),
        }
    }
}

impl axum::response::IntoResponse for Refusal {
    fn into_response(self) -> axum::response::Response {
        let mut response = self.answer().response(None);
        if self == Self::Method {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        }
        response
    }
}
