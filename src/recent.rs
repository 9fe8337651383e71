//! The instances that a reader looked at, the latest first, under names of the reader's choice.

use crate::query::Instance;

/// How many are kept.
const MOST: usize = 8;

/// The longest name that is kept, in characters.
const LONGEST_NAME: usize = 60;

/// An instance under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recent {
    /// Both IDs.
    pub instance: Instance,
    /// The name; empty for none.
    pub name: String,
}

impl Recent {
    /// An instance under a name. What would break the line that it is kept in becomes a space.
    pub fn new(instance: Instance, name: &str) -> Self {
        let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST_NAME).collect();
        Self { instance, name: name.trim_end().to_owned() }
    }
}

/// The instances, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recents(Vec<Recent>);

impl Recents {
    /// Reads a line for each: project ID, instance ID and name with tabs between them. Anybody may have written there:
    /// what is no such line is left out.
    pub fn parse(text: &str) -> Self {
        let mut recents = Self::default();
        for line in text.lines().take(MOST).collect::<Vec<_>>().into_iter().rev() {
            let mut parts = line.split('\t');
            let (Some(project), Some(instance)) = (parts.next(), parts.next()) else { continue };
            if let Some(instance) = Instance::new(project, instance) {
                recents.remember(Recent::new(instance, parts.next().unwrap_or_default()));
            }
        }
        recents
    }

    /// What [`Self::parse`] reads.
    pub fn to_text(&self) -> String {
        let line = |each: &Recent| {
            [each.instance.project_id(), "\t", each.instance.instance_id(), "\t", &each.name, "\n"].concat()
        };
        // An ID with such a character names nothing that the service knows, and could not be read back.
        let fits = |each: &&Recent| {
            let ids = [each.instance.project_id(), each.instance.instance_id()];
            !ids.iter().any(|id| id.contains(|character: char| character.is_control()))
        };
        self.0.iter().filter(fits).map(line).collect()
    }

    /// The instances.
    pub fn iter(&self) -> impl Iterator<Item = &Recent> {
        self.0.iter()
    }

    /// The name of an instance, if it has one.
    pub fn name(&self, instance: &Instance) -> Option<&str> {
        self.0.iter().find(|each| each.instance == *instance).map(|each| each.name.as_str())
    }

    /// Puts an instance first. Without a name it keeps the one that it had.
    pub fn remember(&mut self, recent: Recent) {
        let known = self.name(&recent.instance).unwrap_or_default().to_owned();
        self.forget(&recent.instance);
        let name = if recent.name.is_empty() { known } else { recent.name };
        self.0.insert(0, Recent { name, ..recent });
        self.0.truncate(MOST);
    }

    /// Takes an instance out.
    pub fn forget(&mut self, instance: &Instance) {
        self.0.retain(|each| each.instance != *instance);
    }
}
