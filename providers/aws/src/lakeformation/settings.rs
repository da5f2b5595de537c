//! `aws_lakeformation_data_lake_settings`: who administers the data lake, and what new databases and tables let in.
//!
//! An account always has settings, and has them once. So creating them means to change what is there: it refuses where
//! that would take something away that somebody else set.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_lakeformation::types::{DataLakePrincipal, DataLakeSettings, Permission, PrincipalPermissions};
use mesh_provider::cost::Costs;
use mesh_provider::{
    Block, ChangeError, Computed, Draft, Failure, Found, Operation, Permissions, ProviderDiagnostic, ResourceType,
};
use mesh_value::{AttributePath, Value};

use super::{catalog, is_early};
use crate::check;
use crate::failure::Outcome as _;
use crate::many::each;
use crate::platform::Aws;
use crate::waiting::propagated;

/// Everybody whom IAM lets: the principal by which Lake Formation stays out of the way.
const EVERYBODY: &str = "IAM_ALLOWED_PRINCIPALS";

const DEFAULTS: &[&str] = &["ALL", "ALTER", "CREATE_TABLE", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT"];

/// Who administers the data lake of an account, and what new databases and tables let in.
///
/// There is one of it in an account. What is left out is cleared. Making it refuses where an administrator, or
/// something else that was set, would be taken away: import it then (its import id is the account's id) and see in the
/// plan what changes. Deleting it takes away what it names, its administrators too, and lets new databases and tables be
/// governed by Lake Formation alone; it does not bring back what was set before.
#[derive(Block, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The account whose catalog it is about. The provider's own where it is left out.
    #[mesh(replace)]
    pub catalog_id: Option<String>,
    /// The ARNs of users and roles that administer the data lake.
    pub admins: Option<BTreeSet<String>>,
    /// The ARNs of users and roles that see everything and change nothing.
    pub read_only_admins: Option<BTreeSet<String>>,
    /// Who may do what with a new database.
    #[mesh(block, max = 3)]
    pub create_database_default_permissions: BTreeSet<DefaultPermissions>,
    /// Who may do what with a new table.
    #[mesh(block, max = 3)]
    pub create_table_default_permissions: BTreeSet<DefaultPermissions>,
    /// The ids of accounts whose shared resources tell them who of this account uses them.
    pub trusted_resource_owners: Option<BTreeSet<String>>,
    /// Whether engines outside of Lake Formation, such as EMR clusters, may read data and filter it themselves.
    #[mesh(default = false)]
    pub allow_external_data_filtering: bool,
    /// Whether such engines may read a table that they are wholly allowed to without a session's tag.
    #[mesh(default = false)]
    pub allow_full_table_external_data_access: bool,
    /// The ids of accounts whose clusters may filter data.
    pub external_data_filtering_allow_list: Option<BTreeSet<String>>,
    /// The values of a session's tag by which such engines are known, such as `Amazon EMR`.
    pub authorized_session_tag_value_list: Option<BTreeSet<String>>,
    /// Further settings, such as `CROSS_ACCOUNT_VERSION`. Those that are not written stay as they are.
    #[mesh(optional)]
    pub parameters: Computed<BTreeMap<String, String>>,
    /// The account's id.
    pub id: Computed<String>,
}

/// Who may do what with something new.
#[derive(Block, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DefaultPermissions {
    /// The ARN of a user or role; `IAM_ALLOWED_PRINCIPALS` is everybody whom IAM's policies let.
    pub principal: String,
    /// What they may do, such as `SELECT` or `ALL`.
    pub permissions: BTreeSet<String>,
}

/// The resource type `aws_lakeformation_data_lake_settings`.
pub(crate) struct SettingsType;

impl Settings {
    /// The settings as Lake Formation has them.
    fn seen(self, catalog: String, there: &DataLakeSettings) -> Self {
        let set = |written: Option<&BTreeSet<String>>, there: BTreeSet<String>| {
            if there.is_empty() && written.is_none() { None } else { Some(there) }
        };
        let texts = |list: &[String]| list.iter().cloned().collect::<BTreeSet<_>>();
        let all: BTreeMap<_, _> = there.parameters().cloned().unwrap_or_default().into_iter().collect();
        let parameters = match &self.parameters {
            Computed::Known(written) => all.into_iter().filter(|(key, _)| written.contains_key(key)).collect(),
            Computed::Null | Computed::Unknown => all,
        };
        Self {
            admins: set(self.admins.as_ref(), identifiers(there.data_lake_admins())),
            read_only_admins: set(self.read_only_admins.as_ref(), identifiers(there.read_only_admins())),
            create_database_default_permissions: defaults(there.create_database_default_permissions()),
            create_table_default_permissions: defaults(there.create_table_default_permissions()),
            trusted_resource_owners: set(self.trusted_resource_owners.as_ref(), texts(there.trusted_resource_owners())),
            allow_external_data_filtering: there.allow_external_data_filtering().unwrap_or(false),
            allow_full_table_external_data_access: there.allow_full_table_external_data_access().unwrap_or(false),
            external_data_filtering_allow_list: set(
                self.external_data_filtering_allow_list.as_ref(),
                identifiers(there.external_data_filtering_allow_list()),
            ),
            authorized_session_tag_value_list: set(
                self.authorized_session_tag_value_list.as_ref(),
                texts(there.authorized_session_tag_value_list()),
            ),
            parameters: Computed::Known(parameters),
            id: Computed::Known(catalog),
            catalog_id: self.catalog_id,
        }
    }

    /// What is sent: all at once, so that parameters which are not written are sent as they are.
    fn sent(&self, there: &DataLakeSettings) -> DataLakeSettings {
        let list = |set: &Option<BTreeSet<String>>| Some(set.iter().flatten().cloned().collect::<Vec<_>>());
        let people = |set: &Option<BTreeSet<String>>| Some(set.iter().flatten().map(|id| principal(id)).collect());
        let mut parameters = there.parameters().cloned().unwrap_or_default();
        parameters.extend(self.parameters.known().cloned().unwrap_or_default());
        DataLakeSettings::builder()
            .set_data_lake_admins(people(&self.admins))
            .set_read_only_admins(people(&self.read_only_admins))
            .set_create_database_default_permissions(Some(
                self.create_database_default_permissions.iter().map(entry).collect(),
            ))
            .set_create_table_default_permissions(Some(
                self.create_table_default_permissions.iter().map(entry).collect(),
            ))
            .set_parameters(Some(parameters).filter(|parameters| !parameters.is_empty()))
            .set_trusted_resource_owners(list(&self.trusted_resource_owners))
            .allow_external_data_filtering(self.allow_external_data_filtering)
            .allow_full_table_external_data_access(self.allow_full_table_external_data_access)
            .set_external_data_filtering_allow_list(people(&self.external_data_filtering_allow_list))
            .set_authorized_session_tag_value_list(list(&self.authorized_session_tag_value_list))
            .build()
    }

    /// Whether nothing is set, as after a deletion.
    fn is_empty(&self) -> bool {
        let none = |set: &Option<BTreeSet<String>>| set.as_ref().is_none_or(BTreeSet::is_empty);
        none(&self.admins)
            && none(&self.read_only_admins)
            && self.create_database_default_permissions.is_empty()
            && self.create_table_default_permissions.is_empty()
            && none(&self.trusted_resource_owners)
            && none(&self.external_data_filtering_allow_list)
            && !self.allow_external_data_filtering
            && !self.allow_full_table_external_data_access
    }

    /// What somebody set that these settings would take away.
    fn takes_away(&self, there: &DataLakeSettings) -> Vec<String> {
        let now = Self::default().seen(String::new(), there);
        let mut lost = Vec::new();
        let mut missing = |what: &str, now: &Option<BTreeSet<String>>, planned: &Option<BTreeSet<String>>| {
            let kept = |id: &&String| !planned.as_ref().is_some_and(|planned| planned.contains(*id));
            lost.extend(now.iter().flatten().filter(kept).map(|id| format!("{what} {id}")));
        };
        missing("administrator", &now.admins, &self.admins);
        missing("read-only administrator", &now.read_only_admins, &self.read_only_admins);
        missing("trusted owner", &now.trusted_resource_owners, &self.trusted_resource_owners);
        missing(
            "account that filters data",
            &now.external_data_filtering_allow_list,
            &self.external_data_filtering_allow_list,
        );
        let sides = [
            (&now.create_database_default_permissions, &self.create_database_default_permissions),
            (&now.create_table_default_permissions, &self.create_table_default_permissions),
        ];
        for (now, planned) in sides {
            // What every account begins with is nobody's setting.
            let set = now.iter().filter(|entry| entry.principal != EVERYBODY && !planned.contains(*entry));
            lost.extend(set.map(|entry| format!("default permissions of {}", entry.principal)));
        }
        lost
    }
}

impl ResourceType for SettingsType {
    const NAME: &'static str = "aws_lakeformation_data_lake_settings";
    const PERMISSIONS: Permissions = Permissions {
        read: &["lakeformation:GetDataLakeSettings"],
        create: &["lakeformation:PutDataLakeSettings"],
        update: &["lakeformation:PutDataLakeSettings"],
        delete: &["lakeformation:PutDataLakeSettings"],
    };
    const COSTS: Costs = Costs::Free;
    type Model = Settings;
    type Platform = Aws;

    fn validate(config: &Value) -> Vec<ProviderDiagnostic> {
        let mut problems = check::account_id(config, "catalog_id");
        for name in ["create_database_default_permissions", "create_table_default_permissions"] {
            problems.extend(check::inside(config, name, |block| check::each_one_of(block, "permissions", DEFAULTS)));
        }
        problems
    }

    async fn plan(aws: &Aws, draft: &mut Draft<'_>) {
        let (before, after) = (draft.prior_as::<BTreeSet<String>>("admins"), draft.planned("admins"));
        if after.is_wholly_known() {
            let after: BTreeSet<String> = draft.planned_as("admins").unwrap_or_default();
            let lost: Vec<_> = before.iter().flatten().filter(|admin| !after.contains(*admin)).cloned().collect();
            if !lost.is_empty() {
                let nobody = if after.is_empty() { " Nobody administers the data lake then." } else { "" };
                let detail = format!("This takes away as administrators: {}.{nobody}", lost.join(", "));
                let warning = ProviderDiagnostic::warning("Administrators of the data lake are taken away", detail);
                draft.report(warning.at(AttributePath::attr("admins")));
            }
        }
        if draft.is_create() {
            let written = draft.planned_as::<String>("catalog_id");
            if let Ok(id) = catalog(aws, written.as_ref()).await {
                draft.set("id", &id);
            }
        }
    }

    async fn create(aws: &Aws, planned: Settings, operation: &Operation) -> Result<Settings, ChangeError<Settings>> {
        let catalog = catalog(aws, planned.catalog_id.as_ref()).await?;
        let there = get(aws, &catalog).await?;
        let lost = planned.takes_away(&there);
        if !lost.is_empty() {
            let detail = format!(
                "The data lake of account {catalog} has settings that this would take away: {}. Add them here, or take the \
                 settings over with an `import` block (their import id is \"{catalog}\") and see in the plan what \
                 changes.",
                lost.join(", ")
            );
            return Err(Failure::new("Data lake is set up already", detail).into());
        }
        put(aws, &catalog, planned.sent(&there), operation).await?;
        Ok(planned.put_in(catalog, &there))
    }

    async fn read(aws: &Aws, current: Vec<Settings>) -> Vec<Result<Option<Settings>, Failure>> {
        each(current, |settings| async {
            let catalog = catalog(aws, settings.catalog_id.as_ref()).await?;
            let cleared = settings.is_empty();
            let settings = settings.seen(catalog.clone(), &get(aws, &catalog).await?);
            // Settings are never gone. Where they hold nothing any more, somebody deleted them.
            Ok(Some(settings).filter(|now| cleared || !now.is_empty()))
        })
        .await
    }

    async fn update(
        aws: &Aws,
        _: Settings,
        planned: Settings,
        operation: &Operation,
    ) -> Result<Settings, ChangeError<Settings>> {
        let catalog = catalog(aws, planned.catalog_id.as_ref()).await?;
        let there = get(aws, &catalog).await?;
        put(aws, &catalog, planned.sent(&there), operation).await?;
        Ok(planned.put_in(catalog, &there))
    }

    async fn delete(aws: &Aws, prior: Settings, operation: &Operation) -> Result<(), Failure> {
        let catalog = catalog(aws, prior.catalog_id.as_ref()).await?;
        let there = get(aws, &catalog).await?;
        let now = Settings::default().seen(catalog.clone(), &there);
        let others = |now: Option<BTreeSet<String>>, ours: &Option<BTreeSet<String>>| {
            let stays = |id: &String| !ours.as_ref().is_some_and(|ours| ours.contains(id));
            now.map(|now| now.into_iter().filter(stays).collect::<BTreeSet<_>>())
        };
        // Whoever was added since the last plan was not seen in it, and stays.
        let left = Settings {
            admins: others(now.admins, &prior.admins),
            read_only_admins: others(now.read_only_admins, &prior.read_only_admins),
            trusted_resource_owners: others(now.trusted_resource_owners, &prior.trusted_resource_owners),
            external_data_filtering_allow_list: others(
                now.external_data_filtering_allow_list,
                &prior.external_data_filtering_allow_list,
            ),
            ..Settings::default()
        };
        put(aws, &catalog, left.sent(&there), operation).await?;
        if left.admins.as_ref().is_none_or(BTreeSet::is_empty) && prior.admins.is_some_and(|admins| !admins.is_empty())
        {
            let detail = format!("The data lake of account {catalog} has no administrator any more.");
            operation.warn("Nobody administers the data lake", detail);
        }
        Ok(())
    }

    async fn locate(aws: &Aws, planned: Settings, _: &str) -> Result<Found<Settings>, Failure> {
        let catalog = catalog(aws, planned.catalog_id.as_ref()).await?;
        let there = get(aws, &catalog).await?;
        let mut wanted = planned.clone().put_in(catalog.clone(), &there);
        let found = planned.seen(catalog, &there);
        wanted.parameters = found.parameters.clone();
        // Settings carry no token: what is wholly as planned counts as set by this create.
        Ok(if found == wanted { Found::Complete(found) } else { Found::Absent })
    }

    async fn import(aws: &Aws, id: &str) -> Result<Settings, Failure> {
        if id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            let detail =
                format!("\"{id}\" is no account's id, which is what the settings of a data lake are imported by.");
            return Err(Failure::new("Nothing to import", detail));
        }
        let own = aws.account().await?.id == id;
        let settings = Settings { catalog_id: (!own).then(|| id.to_owned()), ..Settings::default() };
        Ok(settings.seen(id.to_owned(), &get(aws, id).await?))
    }
}

impl Settings {
    /// These settings once they are put in the place of those that were there.
    fn put_in(mut self, catalog: String, there: &DataLakeSettings) -> Self {
        if self.parameters.known().is_none() {
            let parameters = there.parameters().cloned().unwrap_or_default();
            self.parameters = Computed::Known(parameters.into_iter().collect());
        }
        self.id = Computed::Known(catalog);
        self
    }
}

fn principal(id: &str) -> DataLakePrincipal {
    DataLakePrincipal::builder().data_lake_principal_identifier(id).build()
}

fn identifiers(principals: &[DataLakePrincipal]) -> BTreeSet<String> {
    principals.iter().filter_map(DataLakePrincipal::data_lake_principal_identifier).map(str::to_owned).collect()
}

fn entry(permissions: &DefaultPermissions) -> PrincipalPermissions {
    let words = permissions.permissions.iter().map(|word| Permission::from(word.as_str())).collect();
    PrincipalPermissions::builder().principal(principal(&permissions.principal)).set_permissions(Some(words)).build()
}

fn defaults(entries: &[PrincipalPermissions]) -> BTreeSet<DefaultPermissions> {
    let read = |entry: &PrincipalPermissions| {
        let principal = entry.principal()?.data_lake_principal_identifier()?.to_owned();
        let permissions = entry.permissions().iter().map(|word| word.as_str().to_owned()).collect();
        Some(DefaultPermissions { principal, permissions })
    };
    entries.iter().filter_map(read).collect()
}

async fn get(aws: &Aws, catalog: &str) -> Result<DataLakeSettings, Failure> {
    let answer = aws.lakeformation().get_data_lake_settings().catalog_id(catalog).send().await;
    let answer = answer.calling("lakeformation:GetDataLakeSettings")?;
    Ok(answer.data_lake_settings.unwrap_or_else(|| DataLakeSettings::builder().build()))
}

async fn put(aws: &Aws, catalog: &str, settings: DataLakeSettings, operation: &Operation) -> Result<(), Failure> {
    let call = aws.lakeformation().put_data_lake_settings().catalog_id(catalog).data_lake_settings(settings);
    let action = "lakeformation:PutDataLakeSettings";
    propagated(operation, action, is_early, || call.clone().send()).await.calling(action).map(|_| ())
}
