//! As whom processes run, and touching the file system as that user.

use std::io;
use std::path::PathBuf;

use nix::unistd::{Gid, Uid, User, getegid, geteuid, getgrouplist, setfsgid, setfsuid};

use crate::error::Error;

/// A user of this machine.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) name: String,
    pub(crate) uid: Uid,
    pub(crate) gid: Gid,
    pub(crate) groups: Vec<Gid>,
    pub(crate) home: PathBuf,
    /// Whether processes have to change to it.
    pub(crate) switch: bool,
}

impl Identity {
    /// The named user, or the user of this process. Asks the user database, which may take time.
    pub(crate) fn resolve(user: Option<&str>) -> Result<Identity, Error> {
        let current = geteuid();
        let Some(name) = user else {
            return Ok(Identity::current(current));
        };
        let lookup = |source: nix::Error| Error::UserLookup {
            user: name.to_owned(),
            source: source.into(),
        };
        let user = User::from_name(name)
            .map_err(lookup)?
            .ok_or_else(|| Error::UnknownUser {
                user: name.to_owned(),
            })?;
        let switch = user.uid != current;
        if switch && !current.is_root() {
            return Err(Error::UserNeedsRoot {
                user: name.to_owned(),
                current: Identity::current(current).name,
            });
        }
        let groups = if switch {
            let name = std::ffi::CString::new(name).map_err(|_| lookup(nix::Error::EINVAL))?;
            getgrouplist(&name, user.gid).map_err(lookup)?
        } else {
            Vec::new()
        };
        Ok(Identity {
            name: user.name,
            uid: user.uid,
            gid: user.gid,
            groups,
            home: user.dir,
            switch,
        })
    }

    fn current(uid: Uid) -> Identity {
        // A container may run as a user id without a name; then the id is used as the name.
        let user = User::from_uid(uid).ok().flatten();
        Identity {
            name: user
                .as_ref()
                .map_or_else(|| uid.to_string(), |user| user.name.clone()),
            uid,
            gid: getegid(),
            groups: Vec::new(),
            home: user.map_or_else(|| PathBuf::from("/"), |user| user.dir),
            switch: false,
        }
    }

    /// Runs `work` with the file access rights of this user.
    ///
    /// The sandbox belongs to the user, who may replace any folder in it by a link: files in it must
    /// never be opened with the rights of root. The change is the thread's alone and ends with `work`.
    pub(crate) fn access<T>(&self, work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        if !self.switch {
            return work();
        }
        struct Restore(Uid, Gid);
        impl Drop for Restore {
            fn drop(&mut self) {
                setfsuid(self.0);
                setfsgid(self.1);
            }
        }
        let gid = setfsgid(self.gid);
        let uid = setfsuid(self.uid);
        let _restore = Restore(uid, gid);
        work()
    }
}
