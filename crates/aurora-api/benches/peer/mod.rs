//! The same answer as serde sees it: structs in the shape of the wire.

#![allow(dead_code)]

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};

/// `[1,"method",2,0,{…}]`
#[derive(Deserialize)]
pub(crate) struct Message(u8, String, u8, i32, Success);

/// How many tasks there are, to see that both readers read the same.
pub(crate) fn tasks(body: &[u8]) -> Option<usize> {
    let message: Message = serde_json::from_slice(body).ok()?;
    let response = message.4.response.rec;
    Some(response.result?.rec.tasks?.rec.tasks?.lst.0.len())
}

#[derive(Deserialize)]
struct Success {
    #[serde(rename = "0")]
    response: Rec<Response>,
}

/// `["rec",2,…]`
struct Elements<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Elements<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Reader<T> {
            type Value = Elements<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Elements<T>, A::Error> {
                list.next_element::<&str>()?;
                list.next_element::<usize>()?;
                let mut elements = Vec::new();
                while let Some(element) = list.next_element()? {
                    elements.push(element);
                }
                Ok(Elements(elements))
            }
        }
        deserializer.deserialize_seq(Reader(PhantomData))
    }
}

/// `["str","i32",1,{…}]`
#[derive(Deserialize)]
struct Entries<V>(String, String, usize, BTreeMap<String, V>);

macro_rules! tagged {
    ($($name:ident $tag:literal $field:ident: $inner:ty $(, $parameter:ident)?;)*) => {
        $(
            #[derive(Deserialize)]
            struct $name $(<$parameter>)? {
                #[serde(rename = $tag)]
                $field: $inner,
            }
        )*
    };
}

tagged! {
    Rec "rec" rec: T, T;
    Lst "lst" lst: Elements<T>, T;
    Set "set" set: Elements<T>, T;
    Map "map" map: Entries<V>, V;
    Str "str" str: String;
    I32 "i32" i32: i32;
    I64 "i64" i64: i64;
    Tf "tf" tf: u8;
    Dbl "dbl" dbl: f64;
}

macro_rules! record {
    ($($name:ident { $($id:literal $field:ident: $kind:ty,)* })*) => {
        $(
            #[derive(Deserialize)]
            struct $name {
                $(#[serde(rename = $id)] $field: Option<$kind>,)*
            }
        )*
    };
}

record! {
    Response {
        "1" code: I32,
        "3" result: Rec<Branch>,
        "5" server: Rec<ServerInfo>,
        "6" details: Lst<IgnoredAny>,
    }
    Branch { "3" tasks: Rec<Tasks>, }
    Tasks { "1" tasks: Lst<ScheduledTask>, }
    ServerInfo { "1" name: Str, "3" prefix: Str, }
    ScheduledTask {
        "1" assigned: Rec<AssignedTask>,
        "2" status: I32,
        "3" failures: I32,
        "4" events: Lst<TaskEvent>,
        "5" ancestor: Str,
    }
    TaskEvent { "1" timestamp: I64, "2" status: I32, "3" message: Str, "4" scheduler: Str, }
    AssignedTask {
        "1" id: Str,
        "2" slave: Str,
        "3" host: Str,
        "4" task: Rec<TaskConfig>,
        "5" ports: Map<i32>,
        "6" instance: I32,
    }
    TaskConfig {
        "3" name: Str,
        "7" service: Tf,
        "8" cpus: Dbl,
        "9" ram: I64,
        "10" disk: I64,
        "11" priority: I32,
        "13" failures: I32,
        "17" owner: Rec<Identity>,
        "18" production: Tf,
        "20" constraints: Set<Constraint>,
        "21" ports: Set<String>,
        "23" email: Str,
        "26" environment: Str,
        "28" job: Rec<JobKey>,
        "30" tier: Str,
    }
    Identity { "1" role: Str, "2" user: Str, }
    JobKey { "1" role: Str, "2" environment: Str, "3" name: Str, }
    Constraint { "1" name: Str, "2" constraint: Rec<TaskConstraint>, }
    TaskConstraint { "2" limit: Rec<Limit>, }
    Limit { "1" limit: I32, }
}
