//! One method of [`SchedulerClient`](crate::SchedulerClient) for each call of the API, in the
//! order of its services: reads, what owners of jobs do, what operators of clusters do.

mod admin;
mod manage;
mod read;

use aurora_api::Result as ResultBranch;
use aurora_api::calls::Call;

use crate::client::SchedulerClient;
use crate::error::Error;
use crate::reply::Reply;

impl SchedulerClient {
    /// Makes a call whose reply has no result.
    async fn execute<C: Call>(&self, call: C) -> Result<Reply<()>, Error> {
        Ok(Reply::of(self.call(call).await?))
    }

    /// Makes a call whose result is the branch that `pick` takes.
    async fn fetch<C: Call, T>(
        &self,
        call: C,
        wanted: &'static str,
        pick: impl FnOnce(ResultBranch) -> Option<T>,
    ) -> Result<Reply<T>, Error> {
        let mut response = self.call(call).await?;
        let value = response
            .result
            .take()
            .and_then(pick)
            .ok_or(Error::MissingResult {
                method: C::METHOD,
                wanted,
            })?;
        Ok(Reply::of(response).map(|()| value))
    }
}
