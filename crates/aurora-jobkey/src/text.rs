//! `TryFrom<&str>` beside `FromStr`, for generic code.

use crate::{
    Error, InstanceKey, InstanceSet, JobKey, JobKeyPattern, PartialJobKey, RoleKey, TaskInstanceKey,
};

macro_rules! try_from_text {
    ($($type:ident)*) => {$(
        impl TryFrom<&str> for $type {
            type Error = Error;

            /// The same as parsing.
            fn try_from(text: &str) -> Result<Self, Error> {
                text.parse()
            }
        }
    )*};
}

try_from_text! {
    InstanceKey InstanceSet JobKey JobKeyPattern PartialJobKey RoleKey TaskInstanceKey
}
