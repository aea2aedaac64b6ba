//! A configuration: the jobs of one file.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use aurora_jobkey::JobKey;
use pystachio::{
    Data, Dict, Environment, Error as ObjectError, Found, Object, PathStep, ProblemKind, Under,
    parse_json,
};

use crate::{
    Binding, CheckedJob, Error, Finding, Hook, Job, LoadOptions, LoadedJob, Report,
    evaluated::{Evaluated, read},
    job,
    schema::Schema,
    source::{JobSource, Sources},
};

/// What a job key shows for a part that the job does not have.
const MISSING: &str = "{MISSING}";

/// The jobs of a file, not chosen from and not checked.
///
/// ```
/// use aurora_config::{Configuration, LoadOptions};
///
/// let text = r#"{"cluster": "devcluster", "role": "www", "environment": "prod", "name": "hello",
///     "task": {"processes": [{"name": "hello", "cmdline": "echo {{mesos.instance}}"}],
///              "resources": {"cpu": 0.5, "ram": 16777216, "disk": 16777216}}}"#;
/// let configuration = Configuration::from_json(text, &LoadOptions::default())?;
/// assert_eq!(configuration.job_keys(), ["devcluster/www/prod/hello"]);
///
/// let key = "devcluster/www/prod/hello".parse()?;
/// let job = configuration.job(&key)?;
/// assert_eq!(job.job().task.processes[0].cmdline, "echo {{mesos.instance}}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Configuration {
    options: LoadOptions,
    evaluated: Evaluated,
}

impl Configuration {
    /// Reads a file: JSON if the options say so, else a Python file.
    ///
    /// A Python file is evaluated by an interpreter of its own, which gives back most but not all
    /// of its memory: about ten megabytes stay until the process ends.
    ///
    /// # Errors
    /// When the file cannot be read or evaluated. Jobs that break rules are found later.
    pub fn load(path: &Path, options: &LoadOptions) -> Result<Self, Error> {
        let source = read(path).map_err(|source| Error::Read {
            path: path.to_owned(),
            source,
        })?;
        if options.json {
            let text = String::from_utf8_lossy(&source);
            let mut configuration = Self::read_json(&text, Some(path), options)?;
            configuration.evaluated.files_read.push(path.to_owned());
            return Ok(configuration);
        }
        let evaluated = evaluate(path, &source, options)?;
        Ok(Self {
            options: options.clone(),
            evaluated,
        })
    }

    /// Reads JSON text: one job, or an object with a list of `jobs`.
    ///
    /// # Errors
    /// When the text is not JSON, or a job has a field or a value that its type does not take.
    pub fn from_json(text: &str, options: &LoadOptions) -> Result<Self, Error> {
        Self::read_json(text, None, options)
    }

    /// A configuration of jobs made in Rust.
    ///
    /// # Errors
    /// When a job has a value that its type does not take.
    pub fn from_jobs(jobs: &[Job], options: &LoadOptions) -> Result<Self, Error> {
        let ty = Schema::of(options.compat).ty("MesosJob");
        let jobs = jobs.iter().map(|job| job::to_object(job, &ty));
        Ok(Self {
            options: options.clone(),
            evaluated: Evaluated {
                jobs: jobs.collect::<Result<_, _>>()?,
                ..Evaluated::default()
            },
        })
    }

    fn read_json(text: &str, path: Option<&Path>, options: &LoadOptions) -> Result<Self, Error> {
        let path = path.unwrap_or(Path::new("<json>"));
        let data = parse_json(text).map_err(|error| {
            let message = error.to_string();
            let offset = match error {
                ObjectError::Json { offset, .. } => offset,
                _ => 0,
            };
            let span = offset..text.len().min(offset + 1);
            Error::File {
                message,
                diagnostic: Box::new(crate::Diagnostic::new(path, text, span)),
                raised: false,
            }
        })?;
        let listed = match &data {
            Data::Dict(dict) => dict.get("jobs").cloned(),
            _ => None,
        };
        let sources = Sources::Json {
            path: path.to_owned(),
            text: text.to_owned(),
            listed: listed.is_some(),
        };
        let job_type = Schema::of(options.compat).ty("MesosJob");
        let make = |data: Data| job_type.construct(vec![data], Vec::new());
        let jobs = match listed {
            Some(Data::List(jobs)) => jobs
                .into_iter()
                .enumerate()
                .map(|(i, data)| {
                    make(data)
                        .under(|| PathStep::Index(i))
                        .under(|| "jobs".into())
                })
                .collect::<Result<Vec<_>, _>>(),
            Some(other) => {
                let message = format!("jobs must be a list of jobs, got {}", other.repr());
                let problem = ObjectError::new(ProblemKind::Value, message);
                Err(problem.under(PathStep::from("jobs")))
            }
            None => make(data).map(|job| vec![job]),
        };
        let jobs = jobs.map_err(|problem| Error::of_json(problem, &sources))?;
        Ok(Self {
            options: options.clone(),
            evaluated: Evaluated {
                jobs,
                sources: Arc::new(sources),
                ..Evaluated::default()
            },
        })
    }

    /// The keys of all jobs in the order of the file, templates resolved as far as they can be. What
    /// a job does not have reads `{MISSING}`, but for the environment, which has a default unless
    /// the release decides.
    pub fn job_keys(&self) -> Vec<String> {
        let jobs = self.evaluated.jobs.iter();
        jobs.map(|job| {
            self.bound(job, None)
                .map_or_else(|_| MISSING.to_owned(), |job| key_text(&job))
        })
        .collect()
    }

    /// The keys as `config list` shows them.
    ///
    /// # Errors
    /// Where the release decides, when a job has no environment.
    pub fn list(&self) -> Result<Vec<String>, Error> {
        let keys = self.job_keys();
        if self.options.compat.environment_is_required() {
            for (position, (job, key)) in self.evaluated.jobs.iter().zip(&keys).enumerate() {
                if !job.has("environment")? {
                    return Err(Error::no_environment(key).of_job(job, &self.source(position)));
                }
            }
        }
        Ok(keys)
    }

    /// The hooks that the file declares, in its order. They are for jobs that enable hooks.
    pub fn hooks(&self) -> &[Hook] {
        &self.evaluated.hooks
    }

    /// All files that were read, in order.
    pub fn files_read(&self) -> &[PathBuf] {
        &self.evaluated.files_read
    }

    /// The names of the environment variables that the file asked for, in order.
    pub fn variables_read(&self) -> &[String] {
        &self.evaluated.variables_read
    }

    /// What the file printed.
    pub fn output(&self) -> &str {
        &self.evaluated.output
    }

    /// What the author of the file should know, apart from any one job.
    pub fn warnings(&self) -> &[String] {
        &self.evaluated.warnings
    }

    /// The one job with this key, bound and checked.
    ///
    /// # Errors
    /// When no job or more than one has the key, and when the job breaks a rule.
    pub fn job(&self, key: &JobKey) -> Result<LoadedJob, Error> {
        if self.evaluated.jobs.is_empty() {
            return Err(Error::NoJobs);
        }
        let mut jobs = Vec::with_capacity(self.evaluated.jobs.len());
        let mut matching = Vec::new();
        for (position, job) in self.evaluated.jobs.iter().enumerate() {
            let of_job = |error: Error| error.of_job(job, &self.source(position));
            let job = self
                .bound(job, Some(key))
                .map_err(|problem| of_job(problem.into()))?;
            if matches_key(&job, key).map_err(of_job)? {
                matching.push(position);
            }
            jobs.push(job);
        }
        match matching[..] {
            [position] => LoadedJob::new(
                jobs[position].clone(),
                self.source(position),
                self.options.compat,
            ),
            [] => Err(Error::JobNotFound {
                key: Box::new(key.clone()),
                without_environment: jobs
                    .iter()
                    .filter(|job| !job.has("environment").unwrap_or(false))
                    .map(key_text)
                    .collect(),
                candidates: self.candidates(),
            }),
            _ => Err(Error::JobAmbiguous {
                candidates: self.candidates(),
            }),
        }
    }

    /// All jobs in the order of the file, bound and checked.
    ///
    /// # Errors
    /// When there are none, and the first rule that one breaks.
    pub fn jobs(&self) -> Result<Vec<LoadedJob>, Error> {
        if self.evaluated.jobs.is_empty() {
            return Err(Error::NoJobs);
        }
        let jobs = self.evaluated.jobs.iter().enumerate();
        jobs.map(|(position, job)| {
            let source = self.source(position);
            let bound = self
                .bound(job, None)
                .map_err(|problem| Error::from(problem).of_job(job, &source))?;
            LoadedJob::new(bound, source, self.options.compat)
        })
        .collect()
    }

    /// Checks all jobs by all rules, those of the conversion too, and reports everything that is wrong
    /// rather than the first thing.
    ///
    /// ```
    /// use aurora_config::{Configuration, LoadOptions, Severity};
    ///
    /// let text = r#"{"jobs": [{"cluster": "west", "role": "www", "environment": "production",
    ///     "name": "hello", "task": {"processes": [{"name": "hello", "cmdline": "echo {{greeting}}"}]}}]}"#;
    /// let report = Configuration::from_json(text, &LoadOptions::default())?.check();
    /// assert_eq!(report.count(Severity::Error), 3);
    /// let fields = report.findings().map(|finding| finding.field.to_string());
    /// assert!(fields.eq(["jobs[0].environment", "jobs[0].task.resources", "jobs[0].task.processes[0].cmdline"]));
    /// # Ok::<(), aurora_config::Error>(())
    /// ```
    pub fn check(&self) -> Report {
        let mut report = Report::new(self.evaluated.files_read.first().map(PathBuf::as_path));
        if self.evaluated.jobs.is_empty() {
            report.problems.push(Finding::note(&Error::NoJobs));
        }
        let mut first: HashMap<String, usize> = HashMap::new();
        let jobs = self.evaluated.jobs.iter().enumerate();
        for ((position, job), key) in jobs.zip(self.job_keys()) {
            let source = self.source(position);
            let of_job = |error: Error| Finding::error(&error.of_job(job, &source));
            let mut problems = match self.bound(job, None) {
                Ok(bound) => LoadedJob::check(&bound, &source),
                Err(problem) => vec![of_job(problem.into())],
            };
            if let Some(first) = first.get(&key) {
                let message = format!("{key} is the key of jobs[{first}] too");
                let hint = "give each job a name of its own: neither of them can be chosen";
                problems.push(of_job(
                    Error::invalid(message).with_field("name").with_hint(hint),
                ));
            } else if !key.contains(MISSING) {
                first.insert(key.clone(), position);
            }
            report.jobs.push(CheckedJob { key, problems });
        }
        report
    }

    fn source(&self, position: usize) -> JobSource {
        JobSource {
            position,
            sources: self.evaluated.sources.clone(),
        }
    }

    fn candidates(&self) -> Vec<String> {
        self.job_keys()
    }

    /// A job with the bindings of the options, and with an environment: its own, else that of the
    /// key, else the default.
    fn bound(&self, job: &Object, key: Option<&JobKey>) -> Result<Object, ObjectError> {
        let bind = |binding: &Binding| {
            let value = Found::Text(binding.value().into());
            let environment = Environment::of(binding.reference().clone(), value);
            Data::Environment(environment.into())
        };
        let bindings = self.options.bindings.iter().map(bind).collect();
        let job = job.bind(bindings, Vec::new())?;
        let compat = self.options.compat;
        if compat.environment_is_required() || job.has("environment")? {
            return Ok(job);
        }
        let environment = key.map_or(compat.default_environment(), JobKey::environment);
        job.refine(vec![("environment".to_owned(), Data::unicode(environment))])
    }
}

fn matches_key(job: &Object, key: &JobKey) -> Result<bool, Error> {
    let parts = [
        ("cluster", key.cluster()),
        ("role", key.role()),
        ("environment", key.environment()),
        ("name", key.name()),
    ];
    for (field, wanted) in parts {
        let text = job.field(field)?.map(|value| value.text()).transpose()?;
        if text.as_deref() != Some(wanted) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// `CLUSTER/ROLE/ENV/NAME` of a job, as far as it has them.
fn key_text(job: &Object) -> String {
    let part = |field: &str| {
        let value = job.field(field).ok().flatten();
        let text = value.and_then(|value| value.text().ok());
        text.unwrap_or_else(|| MISSING.to_owned())
    };
    ["cluster", "role", "environment", "name"]
        .map(part)
        .join("/")
}

/// Evaluates a Python file.
#[cfg(feature = "python")]
fn evaluate(path: &Path, source: &[u8], options: &LoadOptions) -> Result<Evaluated, Error> {
    crate::python::evaluate(path, source, options)
}

#[cfg(not(feature = "python"))]
fn evaluate(path: &Path, _source: &[u8], _options: &LoadOptions) -> Result<Evaluated, Error> {
    Err(Error::NoInterpreter {
        path: path.to_owned(),
    })
}

/// The environment that every job sees beside its own fields.
pub(crate) fn standard_bindings() -> Data {
    let names = [
        ("mesos.role", "{{role}}"),
        ("mesos.cluster", "{{cluster}}"),
        ("thermos.user", "{{role}}"),
    ];
    let entries = names.map(|(name, value)| (Data::text(name), Data::text(value)));
    Data::Dict(Dict::filled(entries))
}
