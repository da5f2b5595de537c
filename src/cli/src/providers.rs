//! The providers of the program. Each platform is a feature of this package, so that a build compiles those that it
//! serves and no others.

use std::sync::Arc;

use mesh_engine::Providers;
use mesh_provider::Provider;

/// Makes a provider.
type Make = fn() -> Arc<dyn Provider>;

#[cfg(feature = "aws")]
const AWS: Option<Make> = Some(|| Arc::new(mesh_provider_aws::provider()));
#[cfg(not(feature = "aws"))]
const AWS: Option<Make> = None;

#[cfg(feature = "local")]
const LOCAL: Option<Make> = Some(|| Arc::new(mesh_provider_local::provider()));
#[cfg(not(feature = "local"))]
const LOCAL: Option<Make> = None;

/// Every provider that is a feature of this package, under the feature's name, and how it is made where this build has
/// it.
const OPTIONAL: [(&str, Option<Make>); 2] = [("aws", AWS), ("local", LOCAL)];

/// The features that a build has without asking.
const DEFAULT: [&str; 1] = ["local"];

/// All providers of this build; those that it lacks are named with the command that builds mesh with them.
pub fn providers() -> Providers {
    let built_in: Arc<dyn Provider> = Arc::new(mesh_provider_builtin::provider());
    let made = OPTIONAL.iter().filter_map(|(_, make)| make.map(|make| make()));
    let providers = Providers::new(std::iter::once(built_in).chain(made));
    let lacking = OPTIONAL.iter().filter(|(_, make)| make.is_none()).map(|(name, _)| *name);
    lacking.fold(providers, |providers, name| providers.without(name, command_with(name, &OPTIONAL)))
}

/// The command that builds mesh with what this build has, and one provider more.
fn command_with(name: &str, optional: &[(&str, Option<Make>)]) -> String {
    let wanted = optional.iter().filter(|(own, make)| make.is_some() || *own == name).map(|(own, _)| *own);
    let features: Vec<&str> = wanted.filter(|feature| !DEFAULT.contains(feature)).collect();
    let features = if features.is_empty() { String::new() } else { format!(" --features {}", features.join(",")) };
    format!("cargo install --locked --path src/cli{features}")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use mesh_config::{EmbeddedFiles, LocalDirectories};
    use mesh_diagnostics::{Diagnostics, SourceMap};

    use super::*;

    #[test]
    fn the_command_keeps_what_the_build_has() {
        let make: Make = || Arc::new(mesh_provider_builtin::provider());
        let some = [("aws", None), ("azure", Some(make)), ("local", Some(make))];
        let command = "cargo install --locked --path src/cli";
        assert_eq!(command_with("aws", &some), format!("{command} --features aws,azure"));
        let none = [("aws", None), ("local", None)];
        assert_eq!(command_with("aws", &none), format!("{command} --features aws"));
        assert_eq!(command_with("local", &none), command);
    }

    #[test]
    fn a_provider_that_the_build_lacks_is_told_with_the_command() {
        let text = "resource \"aws_s3_bucket\" \"a\" {}\n\nresource \"aws_s3_bucket\" \"b\" {}\n".to_owned();
        let files = EmbeddedFiles::from_iter([(PathBuf::from("main.mesh.hcl"), text)]);
        let (mut sources, mut diagnostics) = (SourceMap::default(), Diagnostics::default());
        let loaded = mesh_config::load(&files, &mut LocalDirectories, &mut sources, &mut diagnostics);
        let none: [Arc<dyn Provider>; 0] = [];
        let providers = Providers::new(none).without("aws", "make aws".to_owned());
        mesh_config::check(&loaded.tree, &providers, &mut diagnostics);
        let told: Vec<_> = diagnostics.iter().map(|told| (told.code, told.hints.concat())).collect();
        assert_eq!(told, [("provider-left-out", "Build mesh with it, where its sources are: `make aws`.".to_owned())]);
    }

    #[test]
    fn each_is_here_or_named_with_a_command() {
        use mesh_config::Schemas as _;
        let providers = providers();
        for (name, make) in OPTIONAL {
            assert_eq!(
                (providers.get(name).is_some(), providers.command_for(name).is_none()),
                (make.is_some(), make.is_some())
            );
        }
    }
}
