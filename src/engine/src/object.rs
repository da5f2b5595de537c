//! One object on its way from configuration to a planned state: the part that planning and applying share.

use std::sync::Arc;

use mesh_config::{Resource, kept_ephemeral};
use mesh_diagnostics::{Severity, Span};
use mesh_lang::decode;
use mesh_plan::Vertex;
use mesh_provider::{ConfiguredProvider, PlanRequest, PlanResponse, Private, ProviderDiagnostic};
use mesh_value::{AttributePath, InstanceAddress, Marks, Schema, Value};

use crate::plan::from_provider;
use crate::proposed;
use crate::run::{Configured, Run, Standing, worse};
use crate::scope::Repeated;
use crate::stored;
use crate::world::Instances;

/// What the configuration says of one object.
pub struct ObjectConfig {
    /// The value of the block, without marks: null where nothing is written.
    pub value: Value,
    /// The marks that were on it.
    pub marks: Vec<(AttributePath, Marks)>,
}

/// A planned state, without marks, and what the provider said of it.
pub struct PlannedObject {
    /// The provider's answer.
    pub response: PlanResponse,
    /// Whether it reported an error, which is passed on.
    pub failed: bool,
}

impl Run<'_> {
    /// Records everything that an object waits for beside what its arguments read: its provider's configuration, what
    /// decided its instances and its modules' instances, and `depends_on`.
    pub fn record_waits(&self, resource: &Resource, address: &InstanceAddress, provider: &Arc<str>) -> Standing {
        let vertex = Vertex::Instance(address.clone());
        let mut progress = self.progress.borrow_mut();
        let number = progress.reads.number(&vertex);
        let mut implied = vec![Vertex::Provider(provider.clone()), Vertex::Instances(address.block.clone())];
        let mut module = Some(address.block.module.clone());
        while let Some(path) = module {
            implied.extend(crate::blocks::calling(&path).map(|(parent, call)| Vertex::Calls(parent, call)));
            module = path.parent();
        }
        let mut standing = Standing::Fine;
        for on in implied {
            standing = worse(standing, progress.standing(&on));
            let reads_something = progress.reads.find(&on).is_some_and(|on| !progress.reads.links(on).is_empty());
            if reads_something {
                progress.reads.record(number, &on, AttributePath::default());
            }
        }
        for reference in &resource.depends_on {
            let waited = progress.depends_on(&vertex, &address.block.module, &reference.referent);
            standing = worse(standing, waited);
        }
        standing
    }

    /// Evaluates the arguments of one object; its reads are recorded.
    pub fn configure_object(
        &self,
        resource: &Resource,
        schema: &Schema,
        address: &InstanceAddress,
        instances: &Instances,
    ) -> Result<ObjectConfig, Standing> {
        let vertex = Vertex::Instance(address.clone());
        let repeated = Repeated::of(instances, &address.key);
        let decoded = self.in_scope(&vertex, &address.block.module, repeated, None, |scope, diagnostics| {
            let skip = &Resource::META_ARGUMENTS;
            let decoded = decode::body(&resource.body, &schema.block, scope, skip, diagnostics);
            (decoded.value, decoded.reads)
        });
        match decoded {
            Some((_, Standing::LeftOut)) => Err(Standing::LeftOut),
            Some((value, Standing::Fine)) => {
                let (_, secret) = stored::marked(schema, value.clone()).unmark_deep();
                let (value, marks) = value.unmark_deep();
                if self.keeps_ephemeral(resource, schema, &marks) {
                    return Err(Standing::Failed);
                }
                let marks = marks.into_iter().filter(|(_, marks)| !marks.is_ephemeral()).collect();
                if !secret.is_empty() {
                    self.progress.borrow_mut().secrets.note(&value, &secret);
                }
                Ok(ObjectConfig { value, marks })
            }
            Some((_, standing)) => Err(standing),
            None => Err(Standing::Failed),
        }
    }

    /// Reports ephemeral values among arguments that would be kept; whether there is one.
    pub fn keeps_ephemeral(&self, resource: &Resource, schema: &Schema, marks: &[(AttributePath, Marks)]) -> bool {
        let found = kept_ephemeral(&resource.body, resource.span, &schema.block, marks);
        let keeps = !found.is_empty();
        self.progress.borrow_mut().diagnostics.extend(found);
        keeps
    }

    /// Asks the provider for the planned state of an object, to change `prior` or to create it.
    pub async fn plan_object(
        &self,
        provider: &dyn ConfiguredProvider,
        resource: &Resource,
        schema: &Schema,
        address: &InstanceAddress,
        config: &Value,
        prior: Option<(Value, Private)>,
    ) -> PlannedObject {
        let (prior, private) = prior.unzip();
        let proposed = proposed::proposed(&schema.block, prior.as_ref(), config);
        let request = PlanRequest {
            ty: resource.ty.clone(),
            prior,
            config: config.clone(),
            proposed,
            private: private.unwrap_or_default(),
        };
        let mut response = provider.plan(request).await;
        let failed = self.pass_on(std::mem::take(&mut response.diagnostics), resource, address);
        PlannedObject { response, failed }
    }

    /// Reports what a provider said of an object, at the argument it is about; whether there was an error.
    pub fn pass_on(&self, problems: Vec<ProviderDiagnostic>, resource: &Resource, address: &InstanceAddress) -> bool {
        self.pass_on_with(None, problems, resource, address)
    }

    /// As [`pass_on`](Self::pass_on), with a hint at each error.
    pub fn pass_on_with(
        &self,
        hint: Option<&str>,
        problems: Vec<ProviderDiagnostic>,
        resource: &Resource,
        address: &InstanceAddress,
    ) -> bool {
        let mut failed = false;
        for problem in problems {
            let is_error = problem.severity == Severity::Error;
            failed |= is_error;
            let span = span_of(resource, &problem.path);
            let problem = self.progress.borrow().secrets.hide(problem);
            let diagnostic = from_provider(problem, &address.to_string(), Some(span));
            self.report(match hint.filter(|_| is_error) {
                Some(hint) => diagnostic.hint(hint),
                None => diagnostic,
            });
        }
        failed
    }

    /// A provider configuration, by address and key.
    pub fn configured(&self, name: &Arc<str>) -> Configured {
        self.progress.borrow().configured.get(name).cloned().unwrap_or(Configured::Failed)
    }
}

/// Where an attribute of a resource is written; the block's header where it isn't.
pub fn span_of(resource: &Resource, path: &AttributePath) -> Span {
    let written = if path.is_empty() { None } else { decode::span_of(&resource.body, path) };
    written.unwrap_or(resource.span)
}
