//! Which project and instance pairs may be asked about.

use std::fmt;
use std::str::FromStr;
use wildmatch::WildMatchPattern;

type Pattern = WildMatchPattern<'*', '\0'>;

/// One entry of the allow-list: `PROJECT/INSTANCE`, where `*` stands for any run of characters.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    project: Pattern,
    instance: Pattern,
}

impl FromStr for Pair {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'*'))
        };
        match text.split_once('/') {
            Some((project, instance)) if fits(project) && fits(instance) => {
                Ok(Self { project: Pattern::new(project), instance: Pattern::new(instance) })
            }
            _ => Err("not PROJECT/INSTANCE (letters, digits, - and _, with * for any)"),
        }
    }
}

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.project, self.instance)
    }
}

/// The allow-list.
#[derive(Clone, Debug, Default)]
pub struct AllowList {
    pairs: Vec<Pair>,
    all: bool,
}

impl AllowList {
    /// A list of these pairs. An empty one allows nothing.
    pub fn new(pairs: Vec<Pair>) -> Self {
        Self { pairs, all: false }
    }

    /// A list that allows everything: the demo, where nothing can leak.
    pub fn everything() -> Self {
        Self { pairs: Vec::new(), all: true }
    }

    /// Whether this pair may be asked about.
    pub fn allows(&self, project: &str, instance: &str) -> bool {
        self.all || self.pairs.iter().any(|pair| pair.project.matches(project) && pair.instance.matches(instance))
    }

    /// Whether nothing at all is allowed.
    pub fn is_empty(&self) -> bool {
        !self.all && self.pairs.is_empty()
    }
}

impl fmt::Display for AllowList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.all {
            return f.write_str("everything");
        }
        if self.pairs.is_empty() {
            return f.write_str("empty: every list call is refused");
        }
        let pairs: Vec<String> = self.pairs.iter().map(ToString::to_string).collect();
        f.write_str(&pairs.join(", "))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by it")]
mod tests {
    use super::*;

    #[test]
    fn pairs_and_globs() {
        let list = AllowList::new(vec!["p1/i1".parse().unwrap(), "p2/*".parse().unwrap(), "p-*/x*z".parse().unwrap()]);
        for (project, instance, allowed) in [
            ("p1", "i1", true),
            ("p1", "i2", false),
            ("P1", "i1", false),
            ("p1", "i11", false),
            ("p2", "any", true),
            ("p22", "any", false),
            ("p-9", "xyz", true),
            ("p-9", "xy", false),
            ("p", "i1", false),
        ] {
            assert_eq!(list.allows(project, instance), allowed, "{project}/{instance}");
            assert!(!AllowList::default().allows(project, instance));
            assert!(AllowList::everything().allows(project, instance));
        }
    }

    #[test]
    fn malformed_pairs_are_refused() {
        for text in ["", "p", "p/", "/i", "p/i/x", "p /i", "p/?", "p/i\n"] {
            assert!(text.parse::<Pair>().is_err(), "{text:?}");
        }
    }
}
