//! The list call as text: the address to request, and what an answer means. Knows no browser; [`crate::http`] sends.

use crate::digits::digits;
use crate::joined;
use crate::json::{Json, Member};
use crate::model::{ScanType, Task, TaskPage, TaskStatus};
use crate::query::{Instance, TaskQuery};

/// The greatest answer that is read, in bytes. A full page of 1,000 records takes about a fortieth of it.
pub const MAX_ANSWER: u64 = 8 << 20;

/// How long an answer may take, in milliseconds.
pub const TIMEOUT: u32 = 30_000;

/// The address of the list call: parameters sorted, `status` left out for all, IDs percent-encoded into one path
/// segment each.
pub fn list_url(api_base: &str, instance: &Instance, query: TaskQuery) -> String {
    let mut url = String::with_capacity(api_base.len() + 160);
    url.push_str(api_base.trim_end_matches('/'));
    url.push_str("/v2/");
    push_encoded(&mut url, instance.project_id());
    url.push_str("/instances/");
    push_encoded(&mut url, instance.instance_id());
    url.push_str("/bigkey-tasks?limit=");
    url.push_str(&digits(query.limit()));
    url.push_str("&offset=");
    url.push_str(&digits(query.offset()));
    if let Some(status) = query.status().status() {
        url.push_str("&status=");
        url.push_str(status.as_str());
    }
    url
}

/// Appends `text` as one path segment, encoded like `encodeURIComponent` does.
fn push_encoded(url: &mut String, text: &str) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let hex = |nibble: u8| HEX.get(usize::from(nibble)).copied().unwrap_or('0');
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.extend(['%', hex(byte >> 4), hex(byte & 15)]);
        }
    }
}

/// What is known of an answer besides its body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The HTTP status.
    pub status: u16,
    /// The header `X-Request-Id`.
    pub request_id: Option<String>,
    /// The header `Retry-After`, in seconds.
    pub retry_after: Option<u64>,
}

impl Head {
    /// Whether the call succeeded.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Why there is no page of tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// The service, the gateway before it, IAM, or something on the way said no.
    Refused(Refusal),
    /// The call was answered with success, and the answer is no list of tasks.
    Unreadable(Unreadable),
    /// There was no answer: no connection, or one that broke.
    Network,
    /// There was no answer within [`TIMEOUT`].
    Timeout,
    /// The call was given up because another took its place. Never shown.
    Aborted,
}

/// An answer that is an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The error code, such as `DCS.4919` or `APIGW.0301`.
    pub code: Option<String>,
    /// The error message, as it came.
    pub message: Option<String>,
    /// By which the operators of the service find the call.
    pub request_id: Option<String>,
    /// For how many seconds the service wants to be left alone.
    pub retry_after: Option<u64>,
}

/// What is wrong with an answer that should have been a list of tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is empty.
    Empty,
    /// It is text or HTML: something on the way answered instead.
    NotJson,
    /// It is the beginning of JSON: it was cut off.
    CutOff,
    /// It is JSON, or would be but for a fault in it, and no list of tasks.
    NotAList,
    /// It is larger than [`MAX_ANSWER`].
    TooLarge,
}

/// What the reader can do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Choose another instance: this one does not support big key analysis.
    ChooseAnotherInstance,
    /// Correct the project ID or instance ID.
    CorrectIds,
    /// Correct a parameter.
    CorrectParameter,
    /// Wait until the instance is no longer busy.
    WaitForInstance,
    /// Give the proxy new credentials.
    RenewCredentials,
    /// Ask the administrator for permission.
    AskAdministrator,
    /// Check the instance ID and the region.
    CheckInstance,
    /// Wait: too many requests.
    SlowDown,
    /// Try again, then turn to support.
    TryAgain,
    /// Check the proxy, or whatever answers in its place.
    CheckProxy,
    /// Check the connection.
    CheckConnection,
}

impl ApiError {
    /// What the reader can do, by the error code where it is known, else by the HTTP status.
    pub fn advice(&self) -> Advice {
        match self {
            Self::Refused(refusal) => refusal.advice(),
            Self::Unreadable(Unreadable::CutOff) | Self::Timeout => Advice::TryAgain,
            Self::Unreadable(_) => Advice::CheckProxy,
            Self::Network | Self::Aborted => Advice::CheckConnection,
        }
    }

    /// Whether the same call can be expected to succeed later, with nothing corrected.
    pub fn can_retry(&self) -> bool {
        !matches!(self.advice(), Advice::ChooseAnotherInstance | Advice::CorrectIds | Advice::CorrectParameter)
    }

    /// Whether calling again on a timer may do harm or is bound to fail. Repeated failures of credentials lock the key.
    pub fn forbids_polling(&self) -> bool {
        !self.can_retry() || matches!(self.advice(), Advice::RenewCredentials | Advice::AskAdministrator)
    }

    /// For how many seconds the service wants to be left alone.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Refused(refusal) => refusal.retry_after,
            _ => None,
        }
    }

    /// A name for the kind of error, for programs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::Unreadable(_) => "unreadable",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Aborted => "aborted",
        }
    }
}

impl Refusal {
    fn advice(&self) -> Advice {
        self.code.as_deref().and_then(advice_for_code).unwrap_or(match self.status {
            400 | 422 => Advice::CorrectParameter,
            401 | 407 => Advice::RenewCredentials,
            403 => Advice::AskAdministrator,
            404 | 410 => Advice::CheckInstance,
            429 => Advice::SlowDown,
            // No reader can help that: the page always asks by GET, and without a body.
            300..=399 | 405 | 411..=417 => Advice::CheckProxy,
            _ => Advice::TryAgain,
        })
    }
}

/// The documented codes, and the proxy's own. The gateway's prefix is `APIGW.` or `APIG.`, so only its number counts; no length is assumed.
fn advice_for_code(code: &str) -> Option<Advice> {
    let (family, number) = code.rsplit_once('.').unwrap_or(("", code));
    let number = u32::try_from(number.parse::<u64>().ok()?).ok()?;
    match family {
        "DCS" => advice_of_service(number),
        "APIGW" | "APIG" => Some(match number {
            201 | 613 => Advice::TryAgain,
            301 | 307 => Advice::RenewCredentials,
            302 => Advice::AskAdministrator,
            308 => Advice::SlowDown,
            _ => return None,
        }),
        "IAM" => (number == 12).then_some(Advice::SlowDown),
        "PROXY" => Some(match number {
            401 | 513 | 542 => Advice::RenewCredentials,
            403..=405 | 413 | 512 | 532 => Advice::CheckProxy,
            502 | 504 | 522 => Advice::TryAgain,
            503 => Advice::SlowDown,
            _ => return None,
        }),
        "" => (number == 111_400_002).then_some(Advice::CorrectIds),
        _ => None,
    }
}

fn advice_of_service(number: u32) -> Option<Advice> {
    Some(match number {
        1001..=1004 => Advice::RenewCredentials,
        2003 | 2007 | 3002 | 3003 => Advice::AskAdministrator,
        3022 => Advice::CheckInstance,
        4026 | 4049 | 4096 | 4097 | 4111 | 4113..=4118 | 4120 => Advice::WaitForInstance,
        4061 => Advice::CorrectIds,
        4062 | 4063 | 4800 => Advice::CorrectParameter,
        4919 => Advice::ChooseAnotherInstance,
        5000 | 5024 => Advice::TryAgain,
        _ => return None,
    })
}

/// What the body of an answer turned out to be.
#[derive(Clone, Debug)]
pub enum Body<J> {
    /// JSON.
    Json(J),
    /// Anything else.
    Unreadable(Unreadable),
}

impl<J> Body<J> {
    /// The body with this text, where `parse` reads JSON.
    pub fn of(text: &str, parse: impl FnOnce() -> Option<J>) -> Self {
        if text.len() as u64 > MAX_ANSWER {
            return Self::Unreadable(Unreadable::TooLarge);
        }
        parse().map_or_else(|| Self::Unreadable(fault_of(text.trim())), Self::Json)
    }
}

/// What is wrong with a text that is not JSON.
fn fault_of(text: &str) -> Unreadable {
    let mut open = Vec::new();
    let (mut in_string, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => open.push(byte),
            // The closing one is two places after its opening one.
            b'}' | b']' if open.pop() != Some(byte - 2) => open.clear(),
            _ => {}
        }
        if open.is_empty() {
            break;
        }
    }
    match text.bytes().next() {
        None => Unreadable::Empty,
        Some(b'{' | b'[') if open.is_empty() => Unreadable::NotAList,
        Some(b'{' | b'[') => Unreadable::CutOff,
        Some(_) => Unreadable::NotJson,
    }
}

/// What an answer means. `limit` is the one that was asked for, in records.
///
/// # Errors
/// [`ApiError::Refused`] for every status but 2xx, [`ApiError::Unreadable`] for an answer that is no list of tasks.
pub fn decode<J: Json>(head: Head, body: &Body<J>, limit: u64) -> Result<TaskPage, ApiError> {
    let json = match body {
        Body::Json(json) => Some(json),
        Body::Unreadable(_) => None,
    };
    if !head.is_success() {
        return Err(ApiError::Refused(refusal(head, json)));
    }
    let page = match body {
        Body::Json(json) => page(json, limit).ok_or(Unreadable::NotAList),
        Body::Unreadable(fault) => Err(*fault),
    };
    page.map_err(ApiError::Unreadable)
}

/// Reads the error bodies of the service and the gateway (`error_code`, `error_msg`, `request_id`) and of IAM
/// (`error.code`, `error.message`, `error.title`).
fn refusal<J: Json>(head: Head, json: Option<&J>) -> Refusal {
    let iam = json.and_then(|json| json.member(Member::Error));
    let said = |value: J| text(&value).ok().flatten().filter(|text| !text.is_empty());
    let service = |member| json.and_then(|json| json.member(member)).and_then(said);
    let of_iam = |member| iam.as_ref().and_then(|iam| iam.member(member)).and_then(said);
    Refusal {
        status: head.status,
        code: service(Member::ErrorCode).or_else(|| of_iam(Member::Code)),
        message: service(Member::ErrorMsg).or_else(|| of_iam(Member::Message)).or_else(|| of_iam(Member::Title)),
        request_id: service(Member::RequestId).or(head.request_id),
        retry_after: head.retry_after,
    }
}

/// A page of the list; `None` where there is no array of records.
fn page<J: Json>(json: &J, limit: u64) -> Option<TaskPage> {
    let items = json.member(Member::Records)?;
    let mut page = TaskPage {
        instance_id: json.member(Member::InstanceId).and_then(|value| value.string()),
        count: json.member(Member::Count).and_then(|value| count(&value)),
        ..TaskPage::default()
    };
    let each = items.items()?;
    let shown = usize::try_from(limit).map_or(each.len(), |limit| each.len().min(limit));
    page.surplus = each.len() - shown;
    if items.joined(shown).is_some_and(|text| joined::read(&text, shown, &mut page)) {
        return Some(page);
    }
    for item in each.take(shown) {
        match task(&item) {
            Ok(task) => page.records.push(task),
            Err(NotATask) => page.unreadable += 1,
        }
    }
    Some(page)
}

/// A count: a whole number from 0 to 2^53, or its digits as text.
fn count<J: Json>(value: &J) -> Option<u64> {
    const MAX: u64 = 1 << 53;
    if let Some(text) = value.string() {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        return text.parse().ok().filter(|count| digits && *count <= MAX);
    }
    #[allow(clippy::cast_precision_loss, reason = "2^53 is a float without loss")]
    let number = value.number().filter(|number| (0.0..=MAX as f64).contains(number) && number.fract() == 0.0)?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked in the line above")]
    Some(number as u64)
}

/// A task as this product itself handed it over; `None` for what is none.
pub fn read_task<J: Json>(json: &J) -> Option<Task> {
    task(json).ok()
}

/// A record that cannot be shown.
struct NotATask;

/// A task: an object with an ID. Every other member may be null or absent.
fn task<J: Json>(json: &J) -> Result<Task, NotATask> {
    let read = |member| json.member(member).map_or(Ok(None), |value| text(&value));
    Ok(Task {
        id: read(Member::Id)?.filter(|id| !id.is_empty()).ok_or(NotATask)?,
        scan_type: read(Member::ScanType)?.map(ScanType::from),
        status: read(Member::Status)?.map(TaskStatus::from),
        created_at: read(Member::CreatedAt)?,
        started_at: read(Member::StartedAt)?,
        finished_at: read(Member::FinishedAt)?,
    })
}

/// The text of a string, or of a number where a string was due; `None` for null. Anything else is an error.
fn text<J: Json>(value: &J) -> Result<Option<String>, NotATask> {
    if value.is_null() {
        return Ok(None);
    }
    let number = || {
        let number = value.number().filter(|number| number.fract() == 0.0 && number.abs() < 1e15)?;
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole and within bounds: checked in the line above"
        )]
        let size = digits(number.abs() as u64);
        Some(if number < 0.0 { ["-", &size].concat() } else { size })
    };
    value.string().or_else(number).map(Some).ok_or(NotATask)
}

/// The seconds of a `Retry-After` header, given the answer's own `Date`, both parsed as milliseconds where they are
/// dates. A day at the most: nobody means more.
pub fn retry_after(header: &str, millis_until: impl FnOnce(&str) -> Option<i64>) -> Option<u64> {
    const DAY: u64 = 86_400;
    let header = header.trim();
    let seconds = if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        header.parse().unwrap_or(DAY)
    } else {
        u64::try_from(millis_until(header)?).unwrap_or(0).div_ceil(1000)
    };
    Some(seconds.min(DAY))
}
