//! A fixed token.

use super::secret::Secret;
use super::{Pass, sensitive};
use crate::proxy::refusal::Refusal;
use axum::http::HeaderName;

/// The header that carries a token.
pub const AUTH_TOKEN: HeaderName = HeaderName::from_static("x-auth-token");

/// A token that somebody else renews.
#[derive(Debug)]
pub struct FixedToken {
    secret: Secret,
}

impl FixedToken {
    /// Uses this secret as the token.
    pub fn new(secret: Secret) -> Self {
        Self { secret }
    }

    /// The token for one call.
    ///
    /// # Errors
    /// [`Refusal::Credential`] if the token cannot stand in a header.
    pub fn pass(&self) -> Result<Pass, Refusal> {
        let (token, generation) = self.secret.current();
        Ok(Pass::new([(AUTH_TOKEN, sensitive(&token)?)], generation))
    }

    /// Which state of the token is in force now.
    pub fn generation(&self) -> u64 {
        self.secret.current().1
    }

    /// Whether there is another token than the one that was refused.
    pub fn changed(&self, generation: u64) -> bool {
        self.generation() != generation
    }

    /// What will keep the next token from working.
    pub fn warning(&self) -> Option<&'static str> {
        self.secret.current();
        self.secret.is_unreadable().then_some("the token file cannot be read, and the last token stays in force")
    }
}
