//! What versions, candidates, tags, branches and archives are called.

use std::fmt;
use std::str::FromStr;

use clap::ValueEnum;
use semver::Version;

/// Which part of a version a release counts up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    /// Only repairs: 1.2.3 becomes 1.2.4.
    #[value(alias = "p")]
    Patch,
    /// New things: 1.2.3 becomes 1.3.0.
    #[value(alias = "m")]
    Minor,
    /// What worked before may work no more: 1.2.3 becomes 2.0.0.
    #[value(alias = "M")]
    Major,
}

impl Level {
    /// The version after one, or the first of all.
    pub(super) fn after(self, last: Option<&Version>) -> Version {
        let (major, minor, patch) = last.map_or((0, 0, 0), |it| (it.major, it.minor, it.patch));
        match self {
            Self::Patch => Version::new(major, minor, patch + 1),
            Self::Minor => Version::new(major, minor + 1, 0),
            Self::Major => Version::new(major + 1, 0, 0),
        }
    }
}

/// The tag of a release.
pub(super) fn release_tag(version: &Version) -> String {
    format!("v{version}")
}

/// The version that a tag is the release of; `None` for the tag of a candidate, and of anything else.
pub(super) fn released_version(tag: &str) -> Option<Version> {
    let version = Version::parse(tag.strip_prefix('v')?).ok()?;
    (version.pre.is_empty() && version.build.is_empty()).then_some(version)
}

/// The file name of the source archive, the same for a candidate and for its release: what was voted on is released.
pub(super) fn archive(version: &Version) -> String {
    format!("{}.tar.gz", archive_root(version))
}

/// The one folder in the archive.
pub(super) fn archive_root(version: &Version) -> String {
    format!("aurora-{version}")
}

/// The version that the file name of an archive tells.
pub(super) fn archived_version(file: &str) -> Option<Version> {
    let version = file.strip_prefix("aurora-")?.strip_suffix(".tar.gz")?;
    Version::parse(version).ok()
}

/// A version that is put to the vote, as `0.2.0-rc1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    pub(super) version: Version,
    /// Counts from 0.
    pub(super) number: u32,
}

impl Candidate {
    pub(super) fn tag(&self) -> String {
        format!("v{self}")
    }

    pub(super) fn branch(&self) -> String {
        format!("release/{self}")
    }

    /// The candidate whose tag this is.
    pub(super) fn of_tag(tag: &str) -> Option<Self> {
        tag.strip_prefix('v')?.parse().ok()
    }
}

impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-rc{}", self.version, self.number)
    }
}

impl FromStr for Candidate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = text.rsplit_once("-rc").and_then(|(version, number)| {
            let candidate = Self {
                version: Version::parse(version).ok()?,
                number: number.parse().ok()?,
            };
            // The tag is made of the name again, so only one spelling will do.
            (candidate.version.pre.is_empty() && candidate.to_string() == text).then_some(candidate)
        });
        parsed.ok_or_else(|| format!("`{text}` is not a candidate: write one such as 0.2.0-rc0"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn levels_count_up_what_they_name() {
        let last = Version::new(1, 2, 3);
        let after = |level: Level| level.after(Some(&last)).to_string();
        assert_eq!(after(Level::Patch), "1.2.4");
        assert_eq!(after(Level::Minor), "1.3.0");
        assert_eq!(after(Level::Major), "2.0.0");
        assert_eq!(Level::Minor.after(None).to_string(), "0.1.0");
    }

    #[test]
    fn levels_have_the_letters_of_the_documented_procedure() {
        let parsed = ["p", "m", "M"].map(|it| Level::from_str(it, false).unwrap());
        assert_eq!(parsed, [Level::Patch, Level::Minor, Level::Major]);
    }

    #[test]
    fn only_releases_are_releases() {
        assert_eq!(released_version("v1.2.3"), Some(Version::new(1, 2, 3)));
        for tag in ["1.2.3", "v1.2.3-rc0", "v1.2", "v1.2.3+x", "nightly"] {
            assert_eq!(released_version(tag), None, "{tag}");
        }
    }

    #[test]
    fn names_that_are_not_spelt_as_they_print_are_no_candidates() {
        for name in [
            "0.1.0",
            "0.1.0-rc",
            "0.1.0-rc01",
            "0.1.0-rc+1",
            "v0.1.0-rc1",
            "0.1.0-a-rc1",
            "../0.1.0-rc1",
        ] {
            assert!(name.parse::<Candidate>().is_err(), "{name}");
        }
    }

    proptest! {
        #[test]
        fn candidates_are_found_by_their_tags(major: u64, minor: u64, patch: u64, number: u32) {
            let candidate = Candidate { version: Version::new(major, minor, patch), number };
            prop_assert_eq!(Candidate::of_tag(&candidate.tag()), Some(candidate.clone()));
            prop_assert_eq!(archived_version(&archive(&candidate.version)), Some(candidate.version));
        }

        #[test]
        fn no_name_stops_the_reader(name in ".*") {
            let _ = name.parse::<Candidate>();
            let _ = released_version(&name);
            let _ = archived_version(&name);
        }
    }
}
