//! From an entry of a file to a cluster: names and types of its properties.

use std::path::{Path, PathBuf};

use aurora_compat::Compat;
use indexmap::IndexMap;
use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;

use crate::cluster::Places;
use crate::location::Lines;
use crate::reader::kind;
use crate::{Cluster, Error, Warning, property};

/// A named entry. The warnings count only as long as no later entry replaces this one.
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) cluster: Result<Cluster, Error>,
    pub(crate) warnings: Vec<Warning>,
}

/// The entry, or the warning that it has no usable name.
pub(crate) fn read(object: Object<'_>, lines: &Lines<'_>) -> Result<Entry, Warning> {
    let location = lines.locate(object.start());
    // As in any reader of JSON the last of equal names wins.
    let mut values: IndexMap<String, Value<'_>> = object
        .properties
        .into_iter()
        .map(|property| (property.name.into_string(), property.value))
        .collect();
    let name = match values.shift_remove(property::NAME).as_ref().map(as_text) {
        Some(Some(name)) => name,
        _ => return Err(Warning::UnnamedEntry { location }),
    };
    let places = Places {
        entry: Some(location),
        properties: values
            .iter()
            .map(|(property, value)| (property.clone(), lines.locate(value.start())))
            .collect(),
    };
    let mut reader = PropertyReader {
        values,
        places: &places,
        cluster: &name,
    };
    let mut warnings = Vec::new();
    let cluster = reader.cluster(&mut warnings);
    if let Err(error) = &cluster {
        warnings.push(Warning::UnusableCluster(error.clone()));
    }
    let cluster = cluster.map(|cluster| Cluster {
        places: places.clone(),
        ..cluster
    });
    Ok(Entry {
        name,
        cluster,
        warnings,
    })
}

struct PropertyReader<'a> {
    /// The properties that were not taken yet.
    values: IndexMap<String, Value<'a>>,
    places: &'a Places,
    cluster: &'a str,
}

impl PropertyReader<'_> {
    fn cluster(&mut self, warnings: &mut Vec<Warning>) -> Result<Cluster, Error> {
        let mut cluster = Cluster::new(self.cluster);

        // Only commands that look into sandboxes need these two: a mistake in them stops no other.
        for (name, target) in [
            (property::SLAVE_ROOT, &mut cluster.slave_root),
            (
                property::SLAVE_RUN_DIRECTORY,
                &mut cluster.slave_run_directory,
            ),
        ] {
            match self.text(name) {
                Ok(text) => *target = text,
                Err(error) => {
                    warnings.push(Warning::UnusableProperty(error.clone()));
                    cluster.sandbox_errors.push(error);
                }
            }
        }

        cluster.zk = self.text(property::ZK)?;
        if let Some(port) = self.port()? {
            cluster.zk_port = port;
        }
        cluster.scheduler_zk_path = self.text(property::SCHEDULER_ZK_PATH)?;
        cluster.scheduler_uri = self.text(property::SCHEDULER_URI)?;
        cluster.proxy_url = self.text(property::PROXY_URL)?;
        if let Some(mechanism) = self.text(property::AUTH_MECHANISM)? {
            cluster.set_auth_mechanism(mechanism);
        }
        let ca_file = self.text(property::CA_FILE)?;
        cluster.ca_file = ca_file
            .filter(|path| !path.is_empty())
            .map(|path| self.beside(&path));
        if let Some(mode) = self.text(property::COMPAT)? {
            cluster.compat = mode
                .parse::<Compat>()
                .map_err(|_| self.invalid(property::COMPAT, &mode, known_modes()))?;
        }

        for (name, value) in std::mem::take(&mut self.values) {
            if let Some(location) = self.places.properties.get(&name) {
                warnings.push(Warning::UnknownProperty {
                    location: location.clone(),
                    cluster: self.cluster.to_owned(),
                    property: name.clone(),
                    nearest: property::nearest(&name),
                });
            }
            cluster.unknown.insert(name, value.into());
        }
        Ok(cluster)
    }

    fn text(&mut self, property: &'static str) -> Result<Option<String>, Error> {
        let Some(value) = self.values.shift_remove(property) else {
            return Ok(None);
        };
        match as_text(&value) {
            Some(text) => Ok(Some(text)),
            None => Err(self.wrong_type(property, "text", &value)),
        }
    }

    /// A path that begins in the folder of the file of the cluster, unless it is absolute.
    fn beside(&self, path: &str) -> PathBuf {
        let folder = self
            .places
            .entry
            .as_ref()
            .and_then(|entry| entry.file.parent());
        folder.unwrap_or(Path::new("")).join(path)
    }

    fn port(&mut self) -> Result<Option<u16>, Error> {
        let property = property::ZK_PORT;
        let Some(value) = self.values.shift_remove(property) else {
            return Ok(None);
        };
        let Some(number) = as_integer(&value) else {
            return Err(self.wrong_type(property, "a whole number", &value));
        };
        match u16::try_from(number) {
            Ok(port) if port > 0 => Ok(Some(port)),
            _ => {
                let reason = "a port is a number from 1 to 65535".to_owned();
                Err(self.invalid(property, &number.to_string(), reason))
            }
        }
    }

    fn wrong_type(
        &self,
        property: &'static str,
        expected: &'static str,
        value: &Value<'_>,
    ) -> Error {
        let found = match value {
            Value::StringLit(text) => format!("the text {:?}", text.value),
            other => kind(other).to_owned(),
        };
        match self.places.properties.get(property) {
            Some(location) => Error::WrongType {
                location: location.clone(),
                cluster: self.cluster.to_owned(),
                property,
                expected,
                found,
            },
            // Every property of a file has a place.
            None => self.invalid(property, &found, format!("it must be {expected}")),
        }
    }

    fn invalid(&self, property: &'static str, value: &str, reason: String) -> Error {
        let shown = crate::redact(value);
        Error::InvalidValue {
            location: self.places.properties.get(property).cloned(),
            cluster: self.cluster.to_owned(),
            property,
            reason: reason.replace(value, &shown),
            value: shown,
        }
    }
}

fn known_modes() -> String {
    let modes = Compat::ALL.map(|mode| format!("`{mode}`"));
    format!("it must be {}", modes.join(" or "))
}

/// Text, or a number as text: whole numbers as they are written, others as Python prints them.
fn as_text(value: &Value<'_>) -> Option<String> {
    match value {
        Value::StringLit(text) => Some(text.value.clone().into_owned()),
        Value::NumberLit(number) if number.value.contains(['.', 'e', 'E']) => {
            let parsed = number.value.parse::<f64>();
            Some(parsed.map_or_else(|_| number.value.to_owned(), |number| format!("{number:?}")))
        }
        Value::NumberLit(number) => Some(number.value.to_owned()),
        _ => None,
    }
}

/// A number, or text that is one; a fraction is cut off.
fn as_integer(value: &Value<'_>) -> Option<i64> {
    let text = match value {
        Value::NumberLit(number) => number.value,
        Value::StringLit(text) => text.value.trim(),
        _ => return None,
    };
    if let Ok(number) = text.parse::<i64>() {
        return Some(number);
    }
    // `inf` and `nan` parse as floats, too.
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = text
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite())?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "cutting off is the rule, and `as` saturates"
    )]
    Some(number as i64)
}
