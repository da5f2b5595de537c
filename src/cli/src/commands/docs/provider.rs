//! `mesh docs provider`: a provider's reference, made from its schema, and what a platform must allow for a plan.

use std::path::PathBuf;

use clap::Args;
use mesh_config::Schemas as _;
use mesh_diagnostics::Diagnostic;
use mesh_engine::Providers;
use mesh_provider::{Provider, ProviderSchema, docs};
use serde_json::json;

use super::permissions::{self, Wanted};
use super::provider_schema;
use crate::arguments::Global;
use crate::commands::show::read_plan;
use crate::failure::Failure;
use crate::project::directory;
use crate::providers::providers;
use crate::state_access::{self, LockArgs};
use crate::terminal::Terminal;

/// Arguments of `mesh docs provider`.
#[derive(Debug, Args)]
pub(super) struct ProviderArgs {
    /// The provider; without it, all are listed.
    name: Option<String>,
    /// Describe only this resource type or data source.
    #[arg(value_name = "TYPE")]
    ty: Option<String>,
    /// Print the least policy that applying a saved plan needs; without a plan, what all types may need.
    #[arg(long, value_name = "PLANFILE", num_args = 0..=1, requires = "name")]
    #[expect(clippy::option_option, reason = "the option has an optional value")]
    iam: Option<Option<PathBuf>>,
    #[command(flatten)]
    lock: LockArgs,
}

/// Lists the providers, or describes one.
///
/// # Errors
/// Where there is no such provider or type, and where a plan can't be read.
pub(super) async fn run(args: &ProviderArgs, global: &Global, terminal: &Terminal) -> Result<(), Failure> {
    let providers = providers();
    let Some(name) = &args.name else {
        list(&providers, terminal);
        return Ok(());
    };
    let (Some(provider), Some(schema)) = (providers.get(name), providers.schema(name)) else {
        return Err(no_provider(name, &providers).into());
    };
    if let Some(ty) = &args.ty
        && !types(schema).any(|known| known == ty)
    {
        let detail = format!("Provider `{name}` has no resource type and no data source `{ty}`.");
        let error = Diagnostic::error("unknown-resource-type", "Unknown resource type", detail);
        return Err(error.suggest(ty, types(schema)).into());
    }
    let Some(plan) = &args.iam else {
        describe(provider.as_ref(), schema, args.ty.as_deref(), terminal);
        return Ok(());
    };
    let types = types(schema).filter(|known| args.ty.as_deref().is_none_or(|only| only == *known)).collect();
    let wanted = Wanted { provider: provider.as_ref(), types };
    let actions = match plan {
        Some(file) => {
            let open = state_access::open_to_read(&directory(global)?, "docs", &args.lock).await?;
            wanted.by_plan(&read_plan(file, open.state.keyring())?)
        }
        None => wanted.by_all(),
    };
    if actions.is_empty() {
        let detail = match plan {
            Some(file) => format!("Applying {} calls nothing of `{name}` that a policy allows.", file.display()),
            None => format!("Provider `{name}` calls no platform that wants a policy."),
        };
        return Err(Failure::of("no-permissions", "Nothing to allow", detail));
    }
    terminal.print_json(&permissions::policy(&actions));
    Ok(())
}

/// Every provider of this build in a line, and those that it lacks.
fn list(providers: &Providers, terminal: &Terminal) {
    if terminal.json {
        let offered = providers.iter().map(|(name, schema)| {
            let (resources, data): (Vec<_>, Vec<_>) =
                (schema.resources.keys().collect(), schema.data_sources.keys().collect());
            json!({ "name": name, "resources": resources, "data_sources": data })
        });
        let lacking = providers.left_out().map(|(name, command)| json!({ "name": name, "command": command }));
        let document = json!({ "providers": offered.collect::<Vec<_>>(), "left_out": lacking.collect::<Vec<_>>() });
        return terminal.print_json(&document);
    }
    let mut lines: Vec<(&str, String)> = providers.iter().map(|(name, schema)| (name, extent(schema))).collect();
    lines
        .extend(providers.left_out().map(|(name, command)| (name, format!("not in this build; to add it: {command}"))));
    lines.sort_unstable();
    let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let lines: Vec<String> = lines.iter().map(|(name, what)| format!("{name:width$}  {what}")).collect();
    terminal.print(&lines.join("\n"));
}

/// `46 resource types, 9 data sources`
fn extent(schema: &ProviderSchema) -> String {
    let counted = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let resources = counted(schema.resources.len(), "resource type");
    match schema.data_sources.len() {
        0 => resources,
        sources => format!("{resources}, {}", counted(sources, "data source")),
    }
}

/// The reference page, of one type where one is named.
fn describe(provider: &dyn Provider, schema: &ProviderSchema, ty: Option<&str>, terminal: &Terminal) {
    let name = provider.name();
    if terminal.json {
        return terminal.print_json(&provider_schema::json(name, schema, ty));
    }
    let page = match ty {
        // That there is such a type was seen before.
        Some(ty) => docs::markdown_of_type(ty, schema, provider.usage(ty)).unwrap_or_default(),
        None => docs::markdown(name, schema),
    };
    terminal.print(page.trim_end());
}

/// All types, resource types first; a data source may have the name of one.
fn types(schema: &ProviderSchema) -> impl Iterator<Item = &str> {
    schema.resources.keys().chain(schema.data_sources.keys()).map(AsRef::as_ref)
}

fn no_provider(name: &str, providers: &Providers) -> Diagnostic {
    if let Some(command) = providers.command_for(name) {
        let detail = format!("This build of mesh has no provider `{name}`.");
        let error = Diagnostic::error("provider-left-out", "Provider left out of this build", detail);
        return error.hint(format!("Build mesh with it, where its sources are: `{command}`."));
    }
    let known = providers.iter().map(|(name, _)| name).chain(providers.left_out().map(|(name, _)| name));
    let error = Diagnostic::error("unknown-provider", "Unknown provider", format!("mesh has no provider `{name}`."));
    error.suggest(name, known).hint("`mesh docs provider` lists them.")
}
