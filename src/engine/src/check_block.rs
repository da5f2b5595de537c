//! `check` blocks: reads the data source that one brings along, and holds its assertions. Nothing of it stops a run.

use mesh_config::{CheckBlock, Resource};
use mesh_diagnostics::{Diagnostic, Severity};
use mesh_lang::decode;
use mesh_plan::{CheckResult, CheckStatus, Vertex};
use mesh_provider::ReadDataRequest;
use mesh_value::{BlockAddress, InstanceAddress, InstanceKey, ModulePath, Schema, Type, Value};

use crate::checks::{Condition, Verdict};
use crate::plan::mark;
use crate::proposed::proposed;
use crate::run::{Configured, Run, Standing, worse};
use crate::scope::Repeated;
use crate::stored;
use crate::world::{BlockState, Instances, Known, block_key};

impl Run<'_> {
    /// Holds a check in a module instance. Where `waits` says that something which the check reads is about to change,
    /// its data source is not read yet.
    pub async fn check_block(
        &self,
        module: &ModulePath,
        check: &CheckBlock,
        waits: impl Fn(&Vertex) -> bool,
    ) -> CheckResult {
        let vertex = Vertex::Check(module.clone(), check.name.clone());
        if let Some(data) = &check.data {
            let known = self.data_of_check(&vertex, module, data, waits).await;
            let failed = matches!(known, Known::Failed);
            let block =
                BlockAddress { module: module.clone(), mode: data.mode, ty: data.ty.clone(), name: data.name.clone() };
            let address = InstanceAddress { block: block.into(), key: InstanceKey::None };
            {
                let mut progress = self.progress.borrow_mut();
                let state = BlockState::new(Instances::Single);
                progress.world.module_mut(module).blocks.insert(block_key(&address.block), state);
                progress.world.set_object(&address, known);
            }
            if failed {
                let problem = format!("{address} could not be read.");
                return CheckResult { of: vertex, status: CheckStatus::Fails, problems: vec![problem] };
            }
        }
        let (mut undecided, mut problems) = (false, Vec::new());
        for rule in &check.assertions {
            let condition = Condition::assertion(rule);
            match self.softly(|| self.hold(condition, &vertex, module, Repeated::No, None)) {
                Verdict::Holds => {}
                Verdict::Undecided => undecided = true,
                Verdict::Fails(message) => problems.push(message),
            }
        }
        let status = match (problems.is_empty(), undecided) {
            (false, _) => CheckStatus::Fails,
            (true, true) => CheckStatus::Undecided,
            (true, false) => CheckStatus::Holds,
        };
        CheckResult { of: vertex, status, problems }
    }

    async fn data_of_check(
        &self,
        vertex: &Vertex,
        module: &ModulePath,
        data: &Resource,
        waits: impl Fn(&Vertex) -> bool,
    ) -> Known {
        let later = Known::Value(Value::unknown(Type::Any));
        let schemas = self.inputs.providers.schema(&data.provider.config.name);
        let Some(schema) = schemas.and_then(|schemas| schemas.data_sources.get(&data.ty)).cloned() else {
            return Known::Failed;
        };
        let (value, standing) = self.softly(|| self.configure_check(vertex, module, data, &schema));
        let (name, found) = self.softly(|| self.configuration_of(vertex, module, data, Repeated::No));
        let provider = match (self.configured(&name), worse(standing, found)) {
            (_, Standing::Deferred | Standing::LeftOut) => return later,
            (Configured::Failed | Configured::Missing, _) | (_, Standing::Failed) => return Known::Failed,
            (Configured::Unknown, _) => return later,
            (Configured::Ready(provider), Standing::Fine) => provider,
        };
        let (config, marks) = value.unmark_deep();
        if self.softly(|| self.keeps_ephemeral(data, &schema, &marks)) {
            return Known::Failed;
        }
        if !config.is_wholly_known() || waits(vertex) {
            return later;
        }
        let refused = self.inputs.providers.get(&data.provider.config.name).map(|p| p.validate_data(&data.ty, &config));
        if self.pass_on_softly(refused.unwrap_or_default(), vertex, data) {
            return Known::Failed;
        }
        let config = proposed(&schema.block, None, &config);
        let response = provider.read_data(ReadDataRequest { ty: data.ty.clone(), config }).await;
        if self.pass_on_softly(response.diagnostics, vertex, data) {
            return Known::Failed;
        }
        match response.value.map(|value| stored::checked(&schema, value)) {
            Some(Ok(value)) => Known::Value(mark(&marks, stored::marked(&schema, value))),
            Some(Err(why)) => self.contradiction(vertex, data, &why),
            None => self.contradiction(vertex, data, "the data source returned nothing, and no error"),
        }
    }

    /// Evaluates the arguments of the data source; what it reads, and `depends_on`, is recorded as read by the check.
    fn configure_check(
        &self,
        vertex: &Vertex,
        module: &ModulePath,
        data: &Resource,
        schema: &Schema,
    ) -> (Value, Standing) {
        let decoded = self.in_scope(vertex, module, Repeated::No, None, |scope, diagnostics| {
            let decoded = decode::body(&data.body, &schema.block, scope, &Resource::META_ARGUMENTS, diagnostics);
            (decoded.value, decoded.reads)
        });
        let (value, mut standing) = decoded.unwrap_or_else(|| (Value::unknown(Type::Any), Standing::Failed));
        let mut progress = self.progress.borrow_mut();
        for reference in &data.depends_on {
            standing = worse(standing, progress.depends_on(vertex, module, &reference.referent));
        }
        (value, standing)
    }

    /// Passes on as warnings what a provider said; whether there was an error among it.
    fn pass_on_softly(
        &self,
        problems: Vec<mesh_provider::ProviderDiagnostic>,
        vertex: &Vertex,
        data: &Resource,
    ) -> bool {
        let failed = problems.iter().any(|problem| problem.severity == Severity::Error);
        for problem in problems {
            let span = crate::object::span_of(data, &problem.path);
            let problem = self.progress.borrow().secrets.hide(problem);
            let problem = crate::plan::from_provider(problem, &vertex.to_string(), Some(span));
            self.report(Diagnostic { severity: Severity::Warning, ..problem });
        }
        failed
    }

    fn contradiction(&self, vertex: &Vertex, data: &Resource, why: &str) -> Known {
        let detail =
            format!("The provider's answer does not fit its own schema: {why}. This is a bug in the provider.");
        let problem = Diagnostic::warning("provider-inconsistent", "The provider contradicts its schema", detail);
        self.report(problem.at(data.span).about(vertex));
        Known::Failed
    }
}
