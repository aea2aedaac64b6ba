//! Job files, read with the options of the command.

use std::path::Path;

use aurora_compat::Compat;
use aurora_config::{Configuration, Error, LoadOptions, LoadedJob, OutputSink};
use aurora_jobkey::JobKey;
use aurora_rpc::operations::{HookFailure, Hooks};

use crate::abort::ExitOnAbort;
use crate::context::Context;
use crate::exit;
use crate::failure::Result;
use crate::options::{HookArgs, ReadArgs};
use crate::runtime::on_thread;

impl Context {
    /// The job of that key in a job file, with all checks that need no scheduler.
    pub(crate) fn load_job(&self, file: &Path, read: &ReadArgs, key: &JobKey) -> Result<LoadedJob> {
        let (_, job) = self.block_on(self.job_in(file, read, key))?;
        Ok(job)
    }

    /// As `load_job`, with the hooks that the file declares for the job.
    pub(crate) async fn load_job_with_hooks(
        &self,
        file: &Path,
        read: &ReadArgs,
        key: &JobKey,
    ) -> Result<(LoadedJob, Hooks)> {
        let (configuration, job) = self.job_in(file, read, key).await?;
        let coloured = self.output.stderr_is_coloured();
        let hooks = Hooks::of(&configuration, &job, self.environment.user()?)
            .on_failure(move |failure| log_failed_hook(failure, coloured));
        Ok((job, hooks))
    }

    /// The hooks of the job, if a job file is given for them.
    pub(crate) async fn load_hooks(&self, args: &HookArgs, key: &JobKey) -> Result<Hooks> {
        match args.file() {
            Some(file) => Ok(self.load_job_with_hooks(file, &args.read, key).await?.1),
            None => Ok(Hooks::default()),
        }
    }

    async fn job_in(
        &self,
        file: &Path,
        read: &ReadArgs,
        key: &JobKey,
    ) -> Result<(Configuration, LoadedJob)> {
        let options = self.load_options(read, Some(key.cluster()))?;
        let configuration = loaded(file, options).await??;
        self.print_warnings(&configuration);
        let job = configuration.job(key)?;
        for warning in job.warnings() {
            self.output.note(warning);
        }
        Ok((configuration, job))
    }

    /// The job in another compatibility mode, if it exists there. The output of the file is dropped: the first evaluation
    /// printed it.
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

    /// The jobs of a job file, or its error. Ctrl-C ends the evaluation at once.
    pub(crate) fn load(
        &self,
        file: &Path,
        options: LoadOptions,
    ) -> Result<Result<Configuration, Error>> {
        self.block_on(loaded(file, options))
    }

    /// What evaluating job files gives. Ctrl-C ends it at once.
    pub(crate) fn evaluate<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        self.block_on(evaluated(work))
    }

    /// Prints the warnings of a job file.
    pub(crate) fn print_warnings(&self, configuration: &Configuration) {
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
        options.hermetic_root.clone_from(&read.hermetic_root);
        options.environment = self
            .environment
            .for_configurations(read.hermetic, &read.variables);
        options.environment_bytes = self.environment.bytes_for_configurations(read.hermetic);
        options.timeout = Some(read.timeout).filter(|timeout| !timeout.is_zero());
        options.output = Some(self.output.job_file_output());
        Ok(options)
    }
}

async fn loaded(file: &Path, options: LoadOptions) -> Result<Result<Configuration, Error>> {
    let file = file.to_owned();
    evaluated(move || Configuration::load(&file, &options)).await
}

/// Work that evaluates job files. Ctrl-C ends it at once.
async fn evaluated<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _guard = ExitOnAbort::with(exit::INVALID_CONFIGURATION);
    on_thread(work).await
}

/// Logs the exception of a hook with its place in the file.
fn log_failed_hook(failure: &HookFailure<'_>, coloured: bool) {
    let HookFailure { method, error, .. } = failure;
    tracing::warn!("Error in {method} in {}", failure.class_name);
    match error.render_details(coloured).trim_end() {
        "" => tracing::warn!("{error}"),
        details => tracing::warn!("{error}\n{details}"),
    }
}
