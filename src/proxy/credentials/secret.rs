//! A secret, from the environment or from a file that is read again when it changes.

use secrecy::SecretString;
use std::fs::{self, Metadata};
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// The greatest file that is read as a secret.
const LARGEST: u64 = 64 * 1024;

/// A secret and where it comes from. `Debug` shows only the latter.
pub struct Secret {
    file: Option<PathBuf>,
    state: Mutex<State>,
}

struct State {
    stamp: Option<Stamp>,
    value: Arc<SecretString>,
    generation: u64,
    unreadable: bool,
}

/// What tells that a file changed, without reading it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
    inode: u64,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        let inode = std::os::unix::fs::MetadataExt::ino(metadata);
        #[cfg(not(unix))]
        let inode = 0;
        Self { modified: metadata.modified().ok(), length: metadata.len(), inode }
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secret").field("file", &self.file).finish_non_exhaustive()
    }
}

impl Secret {
    /// A secret that never changes.
    ///
    /// # Errors
    /// That it cannot be one.
    pub fn value(text: &str) -> io::Result<Self> {
        let state = State { stamp: None, value: Arc::new(checked(text)?), generation: 0, unreadable: false };
        Ok(Self { file: None, state: Mutex::new(state) })
    }

    /// A secret in a file, which is read at once and again whenever it changes.
    ///
    /// # Errors
    /// Why the file cannot be read, or that it is empty.
    pub fn file(path: PathBuf) -> io::Result<Self> {
        let (stamp, value) = read(&path)?;
        let state = State { stamp: Some(stamp), value: Arc::new(value), generation: 0, unreadable: false };
        Ok(Self { file: Some(path), state: Mutex::new(state) })
    }

    /// The secret as it is now, and a number that is another one after each change. A file that cannot be read any
    /// more leaves the last secret in force: it may be in the middle of being replaced.
    pub fn current(&self) -> (Arc<SecretString>, u64) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(path) = &self.file {
            let stamp = fs::metadata(path).ok().map(|metadata| Stamp::of(&metadata));
            if stamp.is_none() || stamp != state.stamp || state.unreadable {
                match read(path) {
                    Ok((stamp, value)) => {
                        tracing::info!(file = %path.display(), "the secret was read again");
                        state.stamp = Some(stamp);
                        state.value = Arc::new(value);
                        state.generation += 1;
                        state.unreadable = false;
                    }
                    Err(error) => {
                        if !state.unreadable {
                            tracing::warn!(file = %path.display(), %error, "the secret cannot be read; the last one stays in force");
                        }
                        state.unreadable = true;
                    }
                }
            }
        }
        (Arc::clone(&state.value), state.generation)
    }

    /// Whether the file could not be read when it was last looked at.
    pub fn is_unreadable(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).unreadable
    }
}

fn read(path: &PathBuf) -> io::Result<(Stamp, SecretString)> {
    let metadata = fs::metadata(path)?;
    if metadata.len() > LARGEST {
        return Err(io::Error::other("the file is too large for a secret"));
    }
    Ok((Stamp::of(&metadata), checked(&fs::read_to_string(path)?)?))
}

fn checked(text: &str) -> io::Result<SecretString> {
    // Some editors begin a file with a byte order mark, which no reader sees.
    let secret = text.trim_start_matches('\u{feff}').trim();
    if secret.is_empty() {
        return Err(io::Error::other("it is empty"));
    }
    if secret.chars().any(char::is_control) {
        return Err(io::Error::other("it holds more than one line, or control characters"));
    }
    Ok(SecretString::from(secret.to_owned()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by it")]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn a_changed_file_is_read_again_and_a_lost_one_does_no_harm() {
        let path = std::env::temp_dir().join(format!("bigkey-secret-{}-{}", std::process::id(), fastrand::u64(..)));
        fs::write(&path, "first\n").unwrap();
        let secret = Secret::file(path.clone()).unwrap();
        assert_eq!((secret.current().0.expose_secret(), secret.current().1), ("first", 0));
        fs::write(&path, "the second\n").unwrap();
        assert_eq!((secret.current().0.expose_secret(), secret.current().1), ("the second", 1));
        fs::remove_file(&path).unwrap();
        assert_eq!((secret.current().0.expose_secret(), secret.current().1), ("the second", 1));
        assert!(secret.is_unreadable());
        fs::write(&path, "\u{feff}third").unwrap();
        assert_eq!((secret.current().0.expose_secret(), secret.is_unreadable()), ("third", false));
        fs::remove_file(&path).unwrap();
        assert!(!format!("{secret:?}").contains("third"));
    }

    #[test]
    fn what_is_no_secret_is_refused() {
        let path = std::env::temp_dir().join(format!("bigkey-secret-{}-{}", std::process::id(), fastrand::u64(..)));
        for content in ["", "\n", "two\nlines", "nul\0"] {
            fs::write(&path, content).unwrap();
            assert!(Secret::file(path.clone()).is_err(), "{content:?}");
            assert!(Secret::value(content).is_err(), "{content:?}");
        }
        fs::remove_file(&path).unwrap();
        assert!(Secret::file(path).is_err());
    }
}
