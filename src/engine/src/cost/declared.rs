//! What the configuration says of money: its blocks, evaluated and read.

use std::collections::BTreeMap;
use std::sync::Arc;

use mesh_config::{CostBlock, CostKind};
use mesh_cost::declare::{self, KNOWN_AFTER_APPLY, Problem};
use mesh_cost::{Budget, Limit, Scope};
use mesh_diagnostics::Diagnostic;
use mesh_lang::decode;
use mesh_lang::eval;
use mesh_lang::syntax::{Body, Expr};
use mesh_plan::{PlanMode, Vertex};
use mesh_value::{AttributePath, BlockSchema, ModulePath, PathStep, Value};

use crate::plan::Planner;
use crate::run::{Run, Standing};
use crate::scope::{ModuleScope, Repeated};

/// The schema of each kind of block.
pub(crate) fn schemas() -> BTreeMap<CostKind, Arc<BlockSchema>> {
    let all = [
        (CostKind::Budget, declare::budget::schema()),
        (CostKind::PriceOverride, declare::price_override::schema()),
        (CostKind::ExchangeRate, declare::exchange_rate::schema()),
        (CostKind::SharedCost, declare::shared_cost::schema()),
        (CostKind::Domain, declare::domain::schema()),
    ];
    all.into_iter().map(|(kind, schema)| (kind, Arc::new(schema))).collect()
}

/// What is wrong with a block's value as far as it is known, but for what the check of its form tells.
pub(crate) fn problems(kind: CostKind, label: &Arc<str>, value: &Value) -> Vec<(AttributePath, Diagnostic)> {
    fn found<T>(read: Result<T, Vec<Problem>>) -> Vec<Problem> {
        read.err().unwrap_or_default()
    }
    so_far(match kind {
        CostKind::Budget => found(declare::budget::read(value)),
        CostKind::PriceOverride => found(declare::price_override::read(label, value)),
        CostKind::ExchangeRate => found(declare::exchange_rate::read(label, value)),
        CostKind::SharedCost => found(declare::shared_cost::read(label, value)),
        CostKind::Domain => found(declare::budget::of(value)),
    })
}

/// As [`problems`], of a `usage` block.
pub(crate) fn usage_problems(value: &Value) -> Vec<(AttributePath, Diagnostic)> {
    so_far(declare::usage::read(value).err().unwrap_or_default())
}

fn so_far(problems: Vec<Problem>) -> Vec<(AttributePath, Diagnostic)> {
    let told = |problem: &Problem| [KNOWN_AFTER_APPLY, "missing-argument"].contains(&problem.diagnostic.code);
    let new = problems.into_iter().filter(|problem| !told(problem));
    new.map(|problem| (problem.path, problem.diagnostic)).collect()
}

impl Planner<'_> {
    /// Evaluates what the `mesh` blocks of the root module say of money.
    pub(crate) fn mesh(&self) {
        let cost = &self.run.inputs.tree.module.cost;
        let mut rules = self.draft.borrow().rules.clone();
        if let Some(currency) = &cost.currency {
            rules.currency = self.currency(&currency.expr);
        }
        for (kind, block) in cost.of_the_mesh() {
            match kind {
                CostKind::Budget => {
                    let read = self.declared(&Vertex::Mesh, kind, block, declare::budget::read);
                    rules.limits.extend(read.map(|budget| Limit { scope: Scope::Mesh, budget }));
                }
                CostKind::PriceOverride => {
                    let read = |value: &Value| declare::price_override::read(&block.name, value);
                    rules.overrides.extend(self.declared(&Vertex::Mesh, kind, block, read));
                }
                CostKind::ExchangeRate => {
                    let read = |value: &Value| declare::exchange_rate::read(&block.name, value);
                    rules.rates.extend(self.declared(&Vertex::Mesh, kind, block, read));
                }
                CostKind::SharedCost => {
                    let read = |value: &Value| declare::shared_cost::read(&block.name, value);
                    rules.shared.extend(self.declared(&Vertex::Mesh, kind, block, read));
                }
                CostKind::Domain => {}
            }
        }
        self.draft.borrow_mut().rules = rules;
    }

    /// Evaluates a `domain` block.
    pub(crate) fn domain(&self, name: &Arc<str>) {
        let Some(block) = self.run.inputs.tree.module.cost.domains.get(name) else { return };
        let read = self.declared(&Vertex::Domain(name.clone()), CostKind::Domain, block, declare::budget::of);
        if let Some(budget) = read.flatten() {
            let scope = Scope::Domain(name.clone());
            self.draft.borrow_mut().rules.limits.push(Limit { scope, budget });
        }
    }

    /// What the root module says of money, with the budgets of the data products as planned.
    pub(super) fn rules(&self) -> mesh_cost::Rules {
        let mut rules = self.draft.borrow().rules.clone();
        for (id, value) in self.draft.borrow().products.values() {
            // What is wrong with it was reported where the product was read.
            let budget: Option<Budget> = declare::budget::of(value).ok().flatten();
            rules.limits.extend(budget.map(|budget| Limit { scope: Scope::Product(id.clone()), budget }));
        }
        rules.limits.sort_by(|left, right| left.scope.cmp(&right.scope));
        rules
    }

    fn currency(&self, expr: &Expr) -> Option<Arc<str>> {
        let root = ModulePath::root();
        let (value, standing) = self.run.evaluate(&Vertex::Mesh, &root, Repeated::No, expr);
        if standing == Standing::Failed {
            return None;
        }
        match declare::currency(&value) {
            Ok(code) => code,
            Err(problems) => {
                for problem in problems.into_iter().filter(|problem| self.is_told(&problem.diagnostic)) {
                    self.run.report(problem.diagnostic.at(expr.span));
                }
                None
            }
        }
    }

    fn declared<T>(
        &self,
        vertex: &Vertex,
        kind: CostKind,
        block: &CostBlock,
        read: impl FnOnce(&Value) -> Result<T, Vec<Problem>>,
    ) -> Option<T> {
        let schema = mesh_config::Schemas::cost(self.run.inputs.providers, kind);
        match self.run.read_block(vertex, &ModulePath::root(), block, &schema, read)? {
            Ok(read) => Some(read),
            Err(diagnostics) => {
                let told = diagnostics.into_iter().filter(|diagnostic| self.is_told(diagnostic));
                told.for_each(|diagnostic| self.run.report(diagnostic));
                None
            }
        }
    }

    /// Whether a problem is one in this mode: where nothing is made, what only making it would tell limits nothing.
    fn is_told(&self, diagnostic: &Diagnostic) -> bool {
        diagnostic.code != KNOWN_AFTER_APPLY || self.options.mode == PlanMode::Normal
    }
}

impl Run<'_> {
    /// Decodes and reads a block, and says what is wrong with it, each problem at its place and with what the expression
    /// there reads. `None` where an error stands in the way, which is reported.
    pub(super) fn read_block<T>(
        &self,
        vertex: &Vertex,
        module: &ModulePath,
        block: &CostBlock,
        schema: &BlockSchema,
        read: impl FnOnce(&Value) -> Result<T, Vec<Problem>>,
    ) -> Option<Result<T, Vec<Diagnostic>>> {
        let (read, standing) = self.in_scope(vertex, module, Repeated::No, None, |scope, diagnostics| {
            let decoded = decode::body(&block.body, schema, scope, &[], diagnostics);
            let placed = |problem| placed(problem, vertex, block, scope);
            let read = read(&decoded.value).map_err(|problems| problems.into_iter().map(placed).collect());
            (read, decoded.reads)
        })?;
        if standing == Standing::Failed {
            self.progress.borrow_mut().settle(vertex, standing);
            return None;
        }
        Some(read)
    }
}

fn placed(problem: Problem, vertex: &Vertex, block: &CostBlock, scope: &ModuleScope<'_>) -> Diagnostic {
    let Problem { path, diagnostic } = problem;
    let span = decode::span_of(&block.body, &path).unwrap_or(block.name_span);
    let diagnostic = diagnostic.at(span).about(vertex);
    match written(&block.body, path.steps()) {
        // What it waits for.
        Some(expr) if diagnostic.code == KNOWN_AFTER_APPLY => eval::read_by(expr, scope)
            .into_iter()
            .fold(diagnostic, |diagnostic, (reference, held)| diagnostic.value(reference, held)),
        _ => diagnostic,
    }
}

/// The expression of the argument that a path leads to.
fn written<'b>(body: &'b Body, steps: &[PathStep]) -> Option<&'b Expr> {
    let (PathStep::Attr(name) | PathStep::Key(name), rest) = steps.split_first()? else { return None };
    if let Some(attribute) = body.attributes.iter().find(|attribute| attribute.name.text == *name) {
        return Some(&attribute.expr);
    }
    let nested = body.blocks.iter().find(|block| block.kind.text == *name)?;
    written(&nested.body, rest)
}
