//! One method of [`SchedulerClient`](crate::SchedulerClient) for each call of the API, in the
//! order of its services: reads, what owners of jobs do, what operators of clusters do.

mod admin;
mod manage;
mod read;

use aurora_api::Result as ResultBranch;
use aurora_api::calls::Call;

use crate::answer::Answer;
use crate::client::SchedulerClient;
use crate::error::Error;

impl SchedulerClient {
    /// Makes a call whose answer has no result.
    async fn execute<C: Call>(&self, call: C) -> Result<Answer<()>, Error> {
        Ok(Answer::of(self.call(call).await?))
    }

    /// Makes a call whose result is the branch that `pick` takes.
    async fn fetch<C: Call, T>(
        &self,
        call: C,
        wanted: &'static str,
        pick: impl FnOnce(ResultBranch) -> Option<T>,
    ) -> Result<Answer<T>, Error> {
        let mut response = self.call(call).await?;
        let value = response
            .result
            .take()
            .and_then(pick)
            .ok_or(Error::MissingResult {
                method: C::METHOD,
                wanted,
            })?;
        Ok(Answer::of(response).map(|()| value))
    }
}
