//! Job files: read with the command's options, their errors told in the release's words.

use std::path::Path;

use aurora_compat::Compat;
use aurora_config::{Configuration, Error, LoadOptions, LoadedJob, OutputSink};
use aurora_jobkey::JobKey;

use crate::abort::ExitOnAbort;
use crate::context::Context;
use crate::exit;
use crate::failure::Result;
use crate::options::ReadArgs;

impl Context {
    /// The job of that key in a job file, checked as far as no scheduler is needed.
    pub(crate) fn load_job(&self, file: &Path, read: &ReadArgs, key: &JobKey) -> Result<LoadedJob> {
        let options = self.load_options(read, Some(key.cluster()))?;
        let configuration = self.load(file, options)??;
        self.warn_of(&configuration);
        let job = configuration.job(key)?;
        for warning in job.warnings() {
            self.output.note(warning);
        }
        Ok(job)
    }

    /// As `load_job`, for a verb that hooks of the job would run around: says that they do not run, as somebody
    /// may rely on one that refuses.
    pub(crate) fn load_job_with_hooks(
        &self,
        file: &Path,
        read: &ReadArgs,
        key: &JobKey,
    ) -> Result<LoadedJob> {
        let job = self.load_job(file, read, key)?;
        if job.job().enable_hooks {
            tracing::warn!("job {key} enables hooks, and this version runs none");
        }
        Ok(job)
    }

    /// The job as it is in another compatibility mode, if it exists there. What the file prints has been
    /// seen before.
    pub(crate) fn load_job_as(
        &self,
        compat: Compat,
        file: &Path,
        read: &ReadArgs,
        key: &JobKey,
    ) -> Result<Option<LoadedJob>> {
        let mut options = self.load_options(read, Some(key.cluster()))?;
        options.compat = compat;
        options.output = Some(OutputSink::new(|_, _| {}));
        let configuration = self.load(file, options)?;
        Ok(configuration.and_then(|found| found.job(key)).ok())
    }

    /// The jobs of a job file, or what keeps it from having any. Ctrl-C ends the evaluation at once,
    /// whatever the file is busy with.
    pub(crate) fn load(
        &self,
        file: &Path,
        options: LoadOptions,
    ) -> Result<Result<Configuration, Error>> {
        let file = file.to_owned();
        let _guard = ExitOnAbort::with(exit::INVALID_CONFIGURATION);
        self.interruptible(move || Configuration::load(&file, &options))
    }

    /// Tells what the author of a job file should know.
    pub(crate) fn warn_of(&self, configuration: &Configuration) {
        for warning in configuration.warnings() {
            self.output.note(warning);
        }
    }

    /// How to read a job file for jobs of `cluster`.
    pub(crate) fn load_options(
        &self,
        read: &ReadArgs,
        cluster: Option<&str>,
    ) -> Result<LoadOptions> {
        let mut options = LoadOptions::default();
        options.json = read.read_json;
        options.bindings = read.bindings.clone();
        options.compat = self.compat(cluster)?;
        options.hermetic = read.hermetic;
        options.environment = self
            .environment
            .for_configurations(read.hermetic, &read.variables);
        options.timeout = Some(read.timeout).filter(|timeout| !timeout.is_zero());
        options.output = Some(self.output.of_job_files());
        Ok(options)
    }
}
