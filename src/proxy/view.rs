//! What one list call asks for, read from a request and checked, and its one spelling towards the service.

use super::refusal::Refusal;
use percent_encoding::percent_decode_str;
use std::fmt::{self, Write as _};

/// The page size when the request names none, as the service documents it.
pub const DEFAULT_LIMIT: u64 = 10;
/// The greatest page size that the service documents.
pub const MAX_LIMIT: u64 = 1000;
/// The greatest offset passed on: what a signed 32-bit integer, which the service's clients use, can hold.
pub const MAX_OFFSET: u64 = 2_147_483_647;
/// The longest project or instance ID passed on. Real ones have 32 or 36 characters.
const MAX_ID: usize = 64;

/// One list call: two requests with the same view get the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct View {
    /// The project ID, checked.
    pub project: String,
    /// The instance ID, checked.
    pub instance: String,
    /// Records to skip.
    pub offset: u64,
    /// Records wanted.
    pub limit: u64,
    /// The status that records must have, if any.
    pub status: Option<Status>,
}

/// The values that the filter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// `waiting`
    Waiting,
    /// `running`
    Running,
    /// `success`
    Success,
    /// `failed`
    Failed,
}

impl Status {
    /// The value on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Success => "success",
            Self::Failed => "failed",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Waiting, Self::Running, Self::Success, Self::Failed].into_iter().find(|status| status.as_str() == text)
    }
}

/// The query of a list call: offset, limit and status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Query {
    /// Records to skip.
    pub offset: u64,
    /// Records wanted.
    pub limit: u64,
    /// The status that records must have, if any.
    pub status: Option<Status>,
}

impl Query {
    /// Reads the query of a request. Each parameter may stand once; no other may stand at all.
    ///
    /// # Errors
    /// A [`Refusal::Parameter`] that names what is wrong and what is allowed.
    pub fn parse(raw: &str) -> Result<Self, Refusal> {
        let (mut offset, mut limit, mut status) = (None, None, None);
        for (name, value) in form_urlencoded::parse(raw.as_bytes()) {
            let repeated = match name.as_ref() {
                "offset" => offset
                    .replace(
                        number(&value, 0, MAX_OFFSET)
                            .ok_or(Refusal::Parameter("offset must be an integer from 0 to 2147483647"))?,
                    )
                    .is_some(),
                "limit" => limit
                    .replace(
                        number(&value, 1, MAX_LIMIT)
                            .ok_or(Refusal::Parameter("limit must be an integer from 1 to 1000"))?,
                    )
                    .is_some(),
                "status" => status
                    .replace(Status::parse(&value).ok_or(Refusal::Parameter(
                        "status must be waiting, running, success or failed; leave it out for all",
                    ))?)
                    .is_some(),
                _ => {
                    return Err(Refusal::Parameter("only offset, limit and status can be given"));
                }
            };
            if repeated {
                return Err(Refusal::Parameter("offset, limit and status can each be given once"));
            }
        }
        Ok(Self { offset: offset.unwrap_or(0), limit: limit.unwrap_or(DEFAULT_LIMIT), status })
    }
}

fn number(text: &str, least: u64, most: u64) -> Option<u64> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|number| (least..=most).contains(number))
}

/// Reads one path segment as an ID: percent-decoded once, then letters, digits, `-` and `_` only, so that neither a
/// separator nor a dot segment can be in it.
pub fn id(segment: &str) -> Option<String> {
    let decoded = percent_decode_str(segment).decode_utf8().ok()?;
    let fits = (1..=MAX_ID).contains(&decoded.len())
        && decoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    fits.then(|| decoded.into_owned())
}

impl View {
    /// Puts a view together from the two raw path segments and the raw query.
    ///
    /// # Errors
    /// The [`Refusal`] of the first part that is not valid.
    pub fn parse(project: &str, instance: &str, query: &str) -> Result<Self, Refusal> {
        let project = id(project).ok_or(Refusal::Id("project"))?;
        let instance = id(instance).ok_or(Refusal::Id("instance"))?;
        let Query { offset, limit, status } = Query::parse(query)?;
        Ok(Self { project, instance, offset, limit, status })
    }

    /// Path and query towards the service, after this prefix of the path: parameters sorted, the unset one left out.
    pub fn target(&self, prefix: &str) -> String {
        let mut target = String::with_capacity(prefix.len() + self.project.len() + self.instance.len() + 96);
        for part in [prefix, "/v2/", &self.project, "/instances/", &self.instance, "/bigkey-tasks"] {
            target.push_str(part);
        }
        let _ = write!(target, "?limit={}&offset={}", self.limit, self.offset);
        if let Some(status) = self.status {
            target.push_str("&status=");
            target.push_str(status.as_str());
        }
        target
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.target(""))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by it")]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_for_equal_views() {
        let plain = View::parse("p", "i", "").unwrap();
        for query in ["offset=0", "limit=10", "limit=10&offset=0", "offset=00&limit=010", "&&limit=10&", "%6cimit=1%30"]
        {
            assert_eq!(View::parse("%70", "i", query).unwrap(), plain, "{query}");
        }
        assert_eq!(plain.to_string(), "/v2/p/instances/i/bigkey-tasks?limit=10&offset=0");
        let failed = View::parse("p", "i", "status=failed").unwrap();
        assert_eq!(failed.target("/x"), "/x/v2/p/instances/i/bigkey-tasks?limit=10&offset=0&status=failed");
    }

    #[test]
    fn refused_parameters() {
        for query in [
            "limit=0",
            "limit=1001",
            "limit=-1",
            "limit=+1",
            "limit=%2B1",
            "limit=",
            "limit=1e3",
            "limit=1&limit=1",
            "limit=99999999999999999999",
            "offset=-1",
            "offset=",
            "offset=2147483648",
            "offset=1.0",
            "offset=%00",
            "status=",
            "status=done",
            "status=Failed",
            "status=failed%20",
            "status=failed&status=failed",
            "x=1",
            "Limit=1",
            "limit",
            "limit=1;offset=2",
            "=",
            "limit=%FF",
            "limit=\u{663}",
        ] {
            assert!(matches!(View::parse("p", "i", query), Err(Refusal::Parameter(_))), "{query}");
        }
    }

    #[test]
    fn refused_ids() {
        let long = "a".repeat(10_240);
        for id in [
            "",
            ".",
            "..",
            "%2e%2e",
            "..%2f",
            "%2F",
            "%00",
            "a%00",
            "a/b",
            "a%2fb",
            "a\\b",
            "a%5cb",
            "a b",
            "a+b",
            "a%20b",
            "'",
            "\"",
            "%F0%9F%98%80",
            "%ff",
            "%",
            "%4",
            "%zz",
            "%252e",
            "a?b",
            "a#b",
            "a;b",
            "a:b",
            "@",
            &long,
        ] {
            assert!(matches!(View::parse(id, "i", ""), Err(Refusal::Id("project"))), "{id}");
            assert!(matches!(View::parse("p", id, ""), Err(Refusal::Id("instance"))), "{id}");
        }
        assert!(View::parse(&"a".repeat(64), "5560df16-cebf-4473-95c4-d1b573c16e79", "").is_ok());
    }
}
