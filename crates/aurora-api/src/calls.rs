//! One struct of arguments for each method of the scheduler.
//!
//! Field names are those of the IDL in snake case; an argument that is `None` is not sent, as the released client does
//! without a lock. All methods have one endpoint and answer with a [`Response`](crate::Response).

use std::fmt;

use thrift::protocol::TSerializable;

pub use crate::generated::calls::*;

/// The service of the IDL that a method belongs to. Each extends the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Service {
    /// Calls that change nothing.
    ReadOnlyScheduler,
    /// Calls for owners of jobs.
    AuroraSchedulerManager,
    /// Calls for operators of the cluster.
    AuroraAdmin,
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Service::ReadOnlyScheduler => "ReadOnlyScheduler",
            Service::AuroraSchedulerManager => "AuroraSchedulerManager",
            Service::AuroraAdmin => "AuroraAdmin",
        })
    }
}

/// Keeps [`Call`] to the generated structs, whose encoding cannot fail.
pub(crate) mod sealed {
    pub trait Sealed {}
}

/// The arguments of one method. Implemented by the structs of this module alone.
pub trait Call: TSerializable + sealed::Sealed {
    /// The method's name on the wire.
    const METHOD: &'static str;
    /// The service that declares the method.
    const SERVICE: Service;
}

/// Ties the generated structs to their methods. Invoked once, by the generated table.
macro_rules! define_calls {
    ($($service:ident $call:ident $method:literal,)*) => {
        $(
            impl crate::calls::sealed::Sealed for $call {}

            impl crate::calls::Call for $call {
                const METHOD: &'static str = $method;
                const SERVICE: crate::calls::Service = crate::calls::Service::$service;
            }

            impl From<$call> for AnyCall {
                fn from(call: $call) -> Self {
                    AnyCall::$call(call)
                }
            }
        )*

        /// A call of any method, as a server receives it.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[allow(clippy::large_enum_variant)]
        #[non_exhaustive]
        pub enum AnyCall {
            $(#[doc = concat!("`", $method, "`")] $call($call),)*
        }

        impl AnyCall {
            /// The names of all methods, by service, in the order of the IDL.
            pub const METHODS: &'static [&'static str] = &[$($method,)*];

            /// The method's name on the wire.
            pub fn method(&self) -> &'static str {
                match self {
                    $(AnyCall::$call(_) => $method,)*
                }
            }

            /// The service that declares the method.
            pub fn service(&self) -> crate::calls::Service {
                match self {
                    $(AnyCall::$call(_) => crate::calls::Service::$service,)*
                }
            }

            /// Reads the arguments of `method`; nothing when the API has no such method.
            pub(crate) fn read(
                method: &str,
                input: &mut dyn thrift::protocol::TInputProtocol,
            ) -> Option<thrift::Result<AnyCall>> {
                match method {
                    $($method => Some(
                        thrift::protocol::TSerializable::read_from_in_protocol(input).map(AnyCall::$call),
                    ),)*
                    _ => None,
                }
            }

            /// Writes the arguments as the struct that they are.
            pub fn write_arguments(
                &self,
                output: &mut dyn thrift::protocol::TOutputProtocol,
            ) -> thrift::Result<()> {
                match self {
                    $(AnyCall::$call(call) => {
                        thrift::protocol::TSerializable::write_to_out_protocol(call, output)
                    })*
                }
            }
        }
    };
}

pub(crate) use define_calls;
