use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use indexmap::IndexMap;

use crate::entry::{self, Entry};
use crate::location::Lines;
use crate::{Cluster, Error, Warning, paths, reader};

/// The known clusters, by name, in the order of their definition.
#[derive(Clone, Debug, Default)]
pub struct Clusters {
    entries: IndexMap<String, Known>,
    /// Warnings that belong to no named entry.
    unnamed: Vec<Warning>,
    searched: Vec<PathBuf>,
}

#[derive(Clone, Debug)]
struct Known {
    cluster: Result<Cluster, Error>,
    warnings: Vec<Warning>,
}

impl Clusters {
    /// No clusters.
    pub fn new() -> Self {
        Self::default()
    }

    /// The files that the 0.12.0 client reads, in the order in which they are merged: the system's,
    /// then the user's.
    ///
    /// `config_root` is the value of the environment variable `AURORA_CONFIG_ROOT`, a folder;
    /// `/etc/aurora` is used when it is unset or empty. The documentation can be read that way, so a
    /// value that ends in `/clusters.json` is taken as the file itself. `home` is the home folder,
    /// whose `.aurora/clusters.json` is the second file; there is none without a home.
    pub fn default_paths(config_root: Option<&OsStr>, home: Option<&Path>) -> Vec<PathBuf> {
        paths::default_paths(config_root, home)
    }

    /// Reads files and merges them: a cluster replaces an earlier one of the same name as a whole. A
    /// file that does not exist is skipped.
    ///
    /// A cluster whose properties cannot be used does not affect the others: it is a
    /// [warning](Self::warnings), and the error of [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// [`Error::Read`], [`Error::NotUtf8`], [`Error::Syntax`], [`Error::Layout`] and
    /// [`Error::Entry`].
    pub fn load(paths: &[PathBuf]) -> Result<Self, Error> {
        let mut clusters = Self::new();
        for path in paths {
            clusters.searched.push(path.clone());
            match fs::read(path) {
                Ok(bytes) => clusters.merge_bytes(path, &bytes)?,
                // A part of the path may be a file: then the path does not exist either.
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                    ) => {}
                Err(error) => {
                    return Err(Error::Read {
                        file: path.clone(),
                        source: Arc::new(error),
                    });
                }
            }
        }
        Ok(clusters)
    }

    /// Merges the text of a file: its clusters replace those of the same name. `file` is for
    /// messages and for paths that are relative to it; nothing is read from it.
    ///
    /// # Errors
    ///
    /// [`Error::Syntax`], [`Error::Layout`] and [`Error::Entry`]; then nothing is merged.
    pub fn merge(&mut self, file: &Path, text: &str) -> Result<(), Error> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (objects, lines) = reader::entries(file, text)?;
        for object in objects {
            match entry::read(object, &lines) {
                Ok(Entry {
                    name,
                    cluster,
                    warnings,
                }) => {
                    self.entries.insert(name, Known { cluster, warnings });
                }
                Err(warning) => self.unnamed.push(warning),
            }
        }
        Ok(())
    }

    fn merge_bytes(&mut self, file: &Path, bytes: &[u8]) -> Result<(), Error> {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.merge(file, text),
            Err(error) => {
                let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let good = String::from_utf8_lossy(good);
                Err(Error::NotUtf8 {
                    location: Lines::new(file, &good).locate(good.len()),
                })
            }
        }
    }

    /// The cluster of that name.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`], and [`Error::WrongType`] or [`Error::InvalidValue`] for a cluster that is
    /// defined but cannot be used.
    pub fn get(&self, name: &str) -> Result<&Cluster, Error> {
        match self.entries.get(name) {
            Some(known) => known.cluster.as_ref().map_err(Clone::clone),
            None => Err(Error::Unknown {
                name: name.to_owned(),
                known: self.names().map(str::to_owned).collect(),
                searched: self.searched.clone(),
            }),
        }
    }

    /// Whether a cluster of that name is defined, usable or not.
    pub fn contains(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// The names of all clusters, including those that cannot be used.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// The clusters that can be used.
    pub fn iter(&self) -> impl Iterator<Item = &Cluster> {
        self.entries
            .values()
            .filter_map(|known| known.cluster.as_ref().ok())
    }

    /// How many clusters are defined.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no cluster is defined.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What was ignored in the files and not replaced by a later entry.
    pub fn warnings(&self) -> impl Iterator<Item = &Warning> {
        let named = self.entries.values().flat_map(|known| &known.warnings);
        self.unnamed.iter().chain(named)
    }

    /// Adds a cluster; it replaces the one of the same name, which is returned if it was usable.
    pub fn insert(&mut self, cluster: Cluster) -> Option<Cluster> {
        let known = Known {
            cluster: Ok(cluster.clone()),
            warnings: Vec::new(),
        };
        self.entries
            .insert(cluster.name, known)
            .and_then(|replaced| replaced.cluster.ok())
    }
}

impl Extend<Cluster> for Clusters {
    /// Adds clusters; each replaces an earlier one of the same name.
    fn extend<I: IntoIterator<Item = Cluster>>(&mut self, clusters: I) {
        for cluster in clusters {
            self.insert(cluster);
        }
    }
}

impl FromIterator<Cluster> for Clusters {
    fn from_iter<I: IntoIterator<Item = Cluster>>(clusters: I) -> Self {
        let mut all = Self::new();
        all.extend(clusters);
        all
    }
}
