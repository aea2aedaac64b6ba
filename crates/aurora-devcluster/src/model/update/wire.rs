//! Updates as they are on the wire and on disk.

use std::sync::Arc;

use aurora_api::{
    InstanceTaskConfig, JobInstanceUpdateEvent, JobUpdate, JobUpdateDetails, JobUpdateEvent,
    JobUpdateInstructions, JobUpdateState, JobUpdateStatus, JobUpdateSummary,
};

use super::{Group, InstanceEvent, Update, UpdateEvent, UpdateId};
use crate::model::ranges::{from_ranges, to_ranges};
use crate::model::record::Record;

impl Update {
    /// The update in short.
    pub(crate) fn summary(&self) -> JobUpdateSummary {
        JobUpdateSummary {
            key: Some(self.id.to_wire()),
            user: Some(self.user.clone()),
            state: Some(JobUpdateState {
                status: Some(self.status()),
                created_timestamp_ms: Some(self.created()),
                last_modified_timestamp_ms: Some(self.modified()),
            }),
        }
    }
}

impl Record for Update {
    type Wire = JobUpdateDetails;

    fn to_wire(&self) -> JobUpdateDetails {
        JobUpdateDetails {
            update: Some(JobUpdate {
                summary: Some(self.summary()),
                instructions: Some(JobUpdateInstructions {
                    initial_state: Some(self.initial.iter().map(Group::to_wire).collect()),
                    desired_state: self.desired.as_ref().map(Group::to_wire),
                    settings: Some(self.settings.clone()),
                }),
            }),
            update_events: Some(self.events.iter().map(UpdateEvent::to_wire).collect()),
            instance_events: Some(
                self.instance_events
                    .iter()
                    .map(InstanceEvent::to_wire)
                    .collect(),
            ),
        }
    }

    fn from_wire(wire: JobUpdateDetails) -> Result<Self, &'static str> {
        let update = wire.update.ok_or("no update")?;
        let summary = update.summary.ok_or("no summary")?;
        let instructions = update.instructions.ok_or("no instructions")?;
        let id = summary.key.as_ref().and_then(UpdateId::from_wire);
        let events: Option<Vec<_>> = wire
            .update_events
            .into_iter()
            .flatten()
            .map(UpdateEvent::from_wire)
            .collect();
        let events = events
            .filter(|events| !events.is_empty())
            .ok_or("no events, or one without time or status")?;
        let instance_events: Option<Vec<_>> = wire
            .instance_events
            .into_iter()
            .flatten()
            .map(|event| InstanceEvent::from_wire(&event))
            .collect();
        let initial: Option<Vec<_>> = instructions
            .initial_state
            .into_iter()
            .flatten()
            .map(Group::from_wire)
            .collect();
        let desired = match instructions.desired_state {
            None => None,
            Some(group) => Some(Group::from_wire(group).ok_or("no desired configuration")?),
        };
        Ok(Self {
            id: id.ok_or("no valid key")?,
            user: summary.user.unwrap_or_default(),
            initial: initial.ok_or("no initial configuration")?,
            desired,
            settings: instructions.settings.ok_or("no settings")?,
            events,
            instance_events: instance_events.ok_or("an incomplete event of an instance")?,
        })
    }
}

impl Group {
    pub(crate) fn to_wire(&self) -> InstanceTaskConfig {
        InstanceTaskConfig {
            task: Some(aurora_api::TaskConfig::clone(&self.config)),
            instances: Some(to_ranges(&self.instances)),
        }
    }

    fn from_wire(wire: InstanceTaskConfig) -> Option<Self> {
        Some(Self {
            config: Arc::new(wire.task?),
            instances: from_ranges(&wire.instances?),
        })
    }
}

impl UpdateEvent {
    fn to_wire(&self) -> JobUpdateEvent {
        JobUpdateEvent {
            status: Some(self.status),
            timestamp_ms: Some(self.at),
            user: self.user.clone(),
            message: self.message.clone(),
        }
    }

    fn from_wire(wire: JobUpdateEvent) -> Option<Self> {
        Some(Self {
            at: wire.timestamp_ms?,
            status: wire
                .status
                .filter(|status| JobUpdateStatus::ENUM_VALUES.contains(status))?,
            user: wire.user,
            message: wire.message,
        })
    }
}

impl InstanceEvent {
    fn to_wire(&self) -> JobInstanceUpdateEvent {
        JobInstanceUpdateEvent {
            instance_id: Some(self.instance),
            timestamp_ms: Some(self.at),
            action: Some(self.action),
        }
    }

    fn from_wire(wire: &JobInstanceUpdateEvent) -> Option<Self> {
        Some(Self {
            at: wire.timestamp_ms?,
            instance: wire.instance_id?,
            action: wire.action?,
        })
    }
}
