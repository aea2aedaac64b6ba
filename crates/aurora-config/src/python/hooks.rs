//! The hooks of a configuration: found in its namespace, and run when the caller asks.

use std::{rc::Rc, sync::mpsc};

use aurora_compat::Compat;
use pystachio::python::Binding;
use python27::interpreter::{
    Session,
    rustpython_vm::{
        self, AsObject, PyObjectRef, PyResult, VirtualMachine, builtins::PyDictRef, scope::Scope,
    },
};

use super::error::error_of;

use crate::{
    Error,
    hooks::{Hook, HookConfig, HookEvent, HookValue, HookedCall, Request},
};

/// The elements of `hooks`.
pub(super) fn declared(globals: &PyDictRef, vm: &VirtualMachine) -> PyResult<Vec<PyObjectRef>> {
    match globals.get_item_opt("hooks", vm)? {
        Some(hooks) if !vm.is_none(&hooks) => hooks
            .try_to_value::<Vec<PyObjectRef>>(vm)
            .map_err(|_| vm.new_type_error("hooks must be a list of objects")),
        _ => Ok(Vec::new()),
    }
}

/// Hooks with the interpreter that they live in.
pub(super) struct Hooks {
    objects: Vec<PyObjectRef>,
    session: Rc<Session>,
    binding: Rc<Binding>,
    compat: Compat,
    requests: mpsc::Receiver<Request>,
}

impl Hooks {
    /// The hooks, and the handles to give away.
    pub(super) fn new(
        objects: Vec<PyObjectRef>,
        session: Rc<Session>,
        binding: Rc<Binding>,
        compat: Compat,
    ) -> (Self, Vec<Hook>) {
        let (sender, requests) = mpsc::channel();
        let handle = |(position, object): (usize, &PyObjectRef)| {
            Hook::new(object.class().name().to_string(), position, sender.clone())
        };
        let handles = objects.iter().enumerate().map(handle).collect();
        let hooks = Self {
            objects,
            session,
            binding,
            compat,
            requests,
        };
        (hooks, handles)
    }

    /// Answers until the last handle is gone.
    pub(super) fn serve(self, vm: &VirtualMachine) {
        let mut names = None;
        while let Ok(request) = self.requests.recv() {
            let answer = self.answer(&request, &mut names, vm);
            let answer = self.session.settle(answer, vm);
            let answer = answer.map_err(|error| error_of(error, &self.session.path(), b""));
            // The caller may have given up.
            let _ = request.answer.send(answer);
        }
    }

    fn answer(
        &self,
        request: &Request,
        names: &mut Option<PyDictRef>,
        vm: &VirtualMachine,
    ) -> PyResult<bool> {
        let names = match names {
            Some(names) => names,
            None => names.insert(load(vm)?),
        };
        let values = Values { hooks: self, names };
        let HookedCall {
            method,
            job_key,
            config,
            positional,
            keywords,
        } = &request.call;
        let result = match &request.event {
            HookEvent::Pre => vm.ctx.none(),
            HookEvent::Err(value) | HookEvent::Post(value) => values.value(value, vm)?,
        };
        let hook = self.objects[request.position].clone();
        let event = vm.ctx.new_str(request.event.name());
        let name = vm.ctx.new_str(*method);
        let looked_for = vec![hook.clone(), event.clone().into(), name.clone().into()];
        let method = values.make("method_of", looked_for, vm)?;
        let method = match vm.is_none(&method) {
            true => None,
            false => Some(method.try_to_value::<String>(vm)?),
        };
        // The caller may have given up.
        let _ = request.method.send(method);
        let key = values.value(&HookValue::JobKey(job_key.clone()), vm)?;
        let hook_config = values.make("HookConfig", vec![values.value(config, vm)?, key], vm)?;
        let arguments = vec![
            hook,
            event.into(),
            name.into(),
            result,
            values.pairs(positional, vm)?,
            values.pairs(keywords, vm)?,
            hook_config,
            vm.ctx
                .new_bool(self.compat.hooks_take_documented_names())
                .into(),
        ];
        values.make("run", arguments, vm)?.try_to_bool(vm)
    }
}

fn load(vm: &VirtualMachine) -> PyResult<PyDictRef> {
    let names = vm.ctx.new_dict();
    names.set_item("__name__", vm.ctx.new_str("<hooks>").into(), vm)?;
    // Cargo sees files that the macro reads only if they are named so.
    const _: &str = include_str!("hooks.py");
    let code = vm.ctx.new_code(rustpython_vm::py_compile!(
        file = "hooks.py",
        module_name = "<hooks>",
        crate_name = "python27::interpreter::rustpython_vm"
    ));
    vm.run_code_obj(code, Scope::with_builtins(None, names.clone(), vm))?;
    Ok(names)
}

/// Makes values for hooks.
struct Values<'a> {
    hooks: &'a Hooks,
    names: &'a PyDictRef,
}

impl Values<'_> {
    fn make(&self, name: &str, arguments: Vec<PyObjectRef>, vm: &VirtualMachine) -> PyResult {
        self.names.get_item(name, vm)?.call(arguments, vm)
    }

    fn pairs(&self, pairs: &[(&str, HookValue)], vm: &VirtualMachine) -> PyResult {
        let pairs = pairs.iter().map(|(name, value)| {
            let pair = vec![vm.ctx.new_str(*name).into(), self.value(value, vm)?];
            Ok(vm.ctx.new_tuple(pair).into())
        });
        Ok(vm.ctx.new_list(pairs.collect::<PyResult<_>>()?).into())
    }

    fn value(&self, value: &HookValue, vm: &VirtualMachine) -> PyResult {
        let text = |text: &str| -> PyObjectRef { vm.ctx.new_str(text).into() };
        Ok(match value {
            HookValue::None => vm.ctx.none(),
            HookValue::Bool(value) => vm.ctx.new_bool(*value).into(),
            HookValue::Integer(value) => vm.ctx.new_int(*value).into(),
            HookValue::Float(value) => vm.ctx.new_float(*value).into(),
            HookValue::Text(value) => text(value),
            HookValue::List(elements) => {
                let elements = elements.iter().map(|element| self.value(element, vm));
                vm.ctx.new_list(elements.collect::<PyResult<_>>()?).into()
            }
            HookValue::JobKey(key) => {
                let parts = [key.cluster(), key.role(), key.environment(), key.name()];
                self.make("AuroraJobKey", parts.map(text).to_vec(), vm)?
            }
            HookValue::Config(config) => self.config(config, vm)?,
            HookValue::Record {
                class_name,
                text: shown,
                fields,
            } => {
                let names = fields.iter().map(|(name, _)| text(name)).collect();
                let values = fields.iter().map(|(_, value)| self.value(value, vm));
                let arguments = vec![
                    text(class_name),
                    text(shown),
                    vm.ctx.new_list(names).into(),
                    vm.ctx.new_list(values.collect::<PyResult<_>>()?).into(),
                ];
                self.make("record", arguments, vm)?
            }
        })
    }

    fn config(&self, config: &HookConfig, vm: &VirtualMachine) -> PyResult {
        let refused = |error: Error| vm.new_value_error(error.to_string());
        let job = &config.job;
        let structure = job.to_job_configuration(&config.user).map_err(refused)?;
        let ports = structure.task_config.iter();
        let ports = ports.flat_map(|task| task.requested_ports.iter().flatten());
        let ports = ports.map(|port| HookValue::Text(port.clone())).collect();
        let key = job.key().map_err(refused)?;
        let arguments = vec![
            self.value(&HookValue::JobKey(key), vm)?,
            self.hooks.binding.wrap(job.object().clone(), vm),
            self.value(
                &HookValue::record("JobConfiguration", &aurora_api::to_json(&structure)),
                vm,
            )?,
            vm.ctx.new_bool(job.is_dedicated().map_err(refused)?).into(),
            self.value(&HookValue::List(ports), vm)?,
            vm.ctx.new_list(self.hooks.objects.clone()).into(),
        ];
        self.make("AuroraConfig", arguments, vm)
    }
}
