//! Who may see what of the data lake, how much a query may read, and what an account may cost.

use mesh_provider::contract::{Case, Expect};
use mesh_tests::emulator::{MINISTACK, MOTO, Scenario};
use serde_json::json;

/// What ministack answers for Lake Formation.
const NO_SERVICE: &str = "does not know the service";

/// What moto answers for what it lacks.
const PAGE: &str = "answers 500 with a page";

/// moto keeps grants in a set by a hash that a second grant changes.
const SECOND: &str = "answers 500 with a page, where both were to one principal on one thing";

/// A role, which the emulators don't look up.
const READER: &str = "arn:aws:iam::123456789012:role/reader";
const ADMIN: &str = "arn:aws:iam::123456789012:role/admin";

pub fn scenarios() -> Vec<Scenario> {
    let mut all = vec![location(), tag(), settings(), workgroup(), named_query(), action()];
    all.extend(grants());
    all.extend(budgets());
    all
}

fn location() -> Scenario {
    let ty = "aws_lakeformation_resource";
    Scenario::new(ty, "by a role", move |at| {
        Case::new(ty, json!({ "arn": "arn:aws:s3:::lake", "role_arn": READER }))
            .drift("deregistered", at.drift("lakeformation.deregister_resource(ResourceArn='arn:aws:s3:::lake')"))
            .import("arn:aws:s3:::lake", &[])
            .update(json!({ "role_arn": ADMIN }), Expect::Replace)
            .update(json!({ "arn": "arn:aws:s3:::lake/orders" }), Expect::Replace)
    })
    .not_on(MINISTACK, "RegisterResource", NO_SERVICE)
}

fn tag() -> Scenario {
    let ty = "aws_lakeformation_lf_tag";
    Scenario::new(ty, "values", move |at| {
        Case::new(ty, json!({ "key": "domain", "values": ["sales", "hr"] }))
            .update(json!({ "values": ["sales", "finance"] }), Expect::InPlace)
            .update(json!({ "values": ["finance", "SALES"] }), Expect::Nothing)
            .drift(
                "another value",
                at.drift("lakeformation.update_lf_tag(TagKey='domain', TagValuesToAdd=['research'])"),
            )
            .drift("deleted", at.drift("lakeformation.delete_lf_tag(TagKey='domain')"))
            .import(format!("{}:domain", at.account()), &["values"])
            .update(json!({ "key": "area" }), Expect::Replace)
    })
    .not_on(MINISTACK, "CreateLFTag", NO_SERVICE)
}

fn settings() -> Scenario {
    let ty = "aws_lakeformation_data_lake_settings";
    let everybody = json!({ "principal": "IAM_ALLOWED_PRINCIPALS", "permissions": ["ALL"] });
    Scenario::new(ty, "administrators", move |at| {
        let other = "settings = lakeformation.get_data_lake_settings()['DataLakeSettings']\n\
             settings['DataLakeAdmins'].append({'DataLakePrincipalIdentifier': 'arn:aws:iam::123456789012:role/other'})\n\
             lakeformation.put_data_lake_settings(DataLakeSettings=settings)";
        let cleared = "lakeformation.put_data_lake_settings(DataLakeSettings={'DataLakeAdmins': []})";
        Case::new(ty, json!({ "admins": [ADMIN], "create_table_default_permissions": [everybody] }))
            .update(json!({ "admins": [ADMIN, READER], "read_only_admins": [READER] }), Expect::InPlace)
            .update(json!({ "create_table_default_permissions": [], "admins": [ADMIN] }), Expect::InPlace)
            .update(
                json!({
                    "allow_external_data_filtering": true,
                    "external_data_filtering_allow_list": ["123456789012"],
                    "authorized_session_tag_value_list": ["Amazon EMR"],
                    "trusted_resource_owners": ["210987654321"],
                    "parameters": { "CROSS_ACCOUNT_VERSION": "4" },
                }),
                Expect::InPlace,
            )
            .drift("another administrator", at.drift(other))
            .drift("cleared", at.drift(cleared))
            .import(at.account(), &[])
    })
    .not_on(MINISTACK, "PutDataLakeSettings", NO_SERVICE)
}

fn grants() -> Vec<Scenario> {
    let ty = "aws_lakeformation_permissions";
    let columns = json!({ "database_name": "sales", "name": "orders", "column_names": ["id", "total"] });
    let scenarios = [
        Scenario::new(ty, "database", move |at| {
            let database = "Resource={'Database': {'Name': 'sales'}}";
            let revoked = format!(
                "lakeformation.revoke_permissions(Principal={{'DataLakePrincipalIdentifier': '{READER}'}}, {database}, \
                 Permissions=['DESCRIBE'])"
            );
            let all = json!({
                "principal": READER, "database": { "name": "sales" }, "permissions": ["ALTER", "CREATE_TABLE", "DESCRIBE"],
                "permissions_with_grant_option": ["DESCRIBE"],
            });
            Case::new(ty, all)
                .update(json!({ "permissions": ["DESCRIBE", "CREATE_TABLE"] }), Expect::InPlace)
                .update(json!({ "permissions_with_grant_option": null }), Expect::InPlace)
                .update(json!({ "permissions": ["DESCRIBE"] }), Expect::InPlace)
                .drift("revoked", at.drift(revoked))
                .import(format!("{READER},database,sales"), &[])
                .update(json!({ "database": { "name": "orders" } }), Expect::Replace)
                .update(json!({ "principal": ADMIN }), Expect::Replace)
        }),
        Scenario::new(ty, "table", move |_| {
            let table = json!({ "database_name": "sales", "name": "orders" });
            Case::new(ty, json!({ "principal": READER, "table": table, "permissions": ["SELECT", "DESCRIBE"] }))
                .import(format!("{READER},table,sales,orders"), &[])
                .update(json!({ "permissions": ["SELECT"] }), Expect::InPlace)
                .update(json!({ "table": { "database_name": "sales", "name": "customers" } }), Expect::Replace)
        }),
        Scenario::new(ty, "columns", move |_| {
            let grant =
                json!({ "principal": READER, "table_with_columns": columns.clone(), "permissions": ["SELECT"] });
            let all = json!({
                "database_name": "sales", "name": "orders", "wildcard": true, "excluded_column_names": ["email"],
            });
            Case::new(ty, grant)
                .import(format!("{READER},table_with_columns,sales,orders,id|total"), &[])
                .update(json!({ "table_with_columns": all }), Expect::Replace)
        }),
        Scenario::new(ty, "place", move |_| {
            let grant = json!({
                "principal": READER, "data_location": { "arn": "arn:aws:s3:::lake" }, "permissions": ["DATA_LOCATION_ACCESS"],
            });
            Case::new(ty, grant).import(format!("{READER},data_location,arn:aws:s3:::lake"), &[]).update(
                json!({ "data_location": null, "catalog_resource": true, "permissions": ["CREATE_DATABASE"] }),
                Expect::Replace,
            )
        }),
    ];
    let lacking = |scenario: Scenario| {
        scenario
            .not_on(MINISTACK, "GrantPermissions", NO_SERVICE)
            .lacking(MOTO, "RevokePermissions after two grants", SECOND)
            .lacking(MOTO, "ListPermissions on tags", "refuses: it knows no such kind of thing")
    };
    scenarios.into_iter().map(lacking).collect()
}

fn workgroup() -> Scenario {
    let ty = "aws_athena_workgroup";
    Scenario::new(ty, "limits", move |at| {
        let config = |bytes: i64, place: &str| {
            json!({
                "bytes_scanned_cutoff_per_query": bytes,
                "requester_pays_enabled": true,
                "result_configuration": {
                    "output_location": place, "encryption_configuration": { "encryption_option": "SSE_S3" },
                },
            })
        };
        let (small, large) = (config(10_485_760, "s3://results/orders/"), config(1_073_741_824, "s3://results/sales/"));
        let changed = "athena.update_work_group(WorkGroup='orders', Description='by hand')";
        Case::new(ty, json!({ "name": "orders", "configuration": small, "tags": { "team": "orders" } }))
            .update(json!({ "tags": { "team": "sales", "mesh": "shop" } }), Expect::InPlace)
            .update(json!({ "tags": { "mesh": "shop" } }), Expect::InPlace)
            .update(json!({ "force_destroy": true }), Expect::InPlace)
            .when(at.has("UpdateWorkGroup"), |case| {
                case.update(json!({ "configuration": large, "description": "Orders" }), Expect::InPlace)
                    .update(json!({ "state": "DISABLED" }), Expect::InPlace)
                    .drift("told otherwise", at.drift(changed))
            })
            .drift("deleted", at.drift("athena.delete_work_group(WorkGroup='orders', RecursiveDeleteOption=True)"))
            .import("orders", &["force_destroy"])
            .update(json!({ "name": "sales" }), Expect::Replace)
    })
    .lacking(MOTO, "UpdateWorkGroup", PAGE)
}

fn named_query() -> Scenario {
    let ty = "aws_athena_named_query";
    Scenario::new(ty, "replaced", move |at| {
        let gone =
            "[athena.delete_named_query(NamedQueryId=id) for id in athena.list_named_queries()['NamedQueryIds']]";
        Case::new(ty, json!({ "name": "late", "database": "sales", "query": "SELECT 1", "description": "Late orders" }))
            .drift("deleted", at.drift(gone))
            .update(json!({ "query": "SELECT 2" }), Expect::Replace)
            .update(json!({ "description": null }), Expect::Replace)
    })
    .not_on(MOTO, "DeleteNamedQuery", PAGE)
}

fn budgets() -> Vec<Scenario> {
    let ty = "aws_budgets_budget";
    let notify = |threshold: f64, emails: &[&str]| {
        json!({
            "comparison_operator": "GREATER_THAN", "notification_type": "ACTUAL", "threshold": threshold,
            "threshold_type": "PERCENTAGE", "subscriber_email_addresses": emails,
        })
    };
    let scenarios = [
        Scenario::new(ty, "costs", move |at| {
            let account = at.account();
            let raised = format!(
                "budget = budgets.describe_budget(AccountId='{account}', BudgetName='orders')['Budget']\n\
                 budget['BudgetLimit']['Amount'] = '900'\n\
                 budget = {{k: budget[k] for k in budget if k not in ('CalculatedSpend', 'LastUpdatedTime')}}\n\
                 budgets.update_budget(AccountId='{account}', NewBudget=budget)"
            );
            let deleted = format!("budgets.delete_budget(AccountId='{account}', BudgetName='orders')");
            let budget = json!({
                "name": "orders", "budget_type": "COST", "limit_amount": "100", "limit_unit": "USD", "time_unit": "MONTHLY",
                "time_period_start": "2026-01-01_00:00", "notification": [notify(80.0, &["a@mesh.test", "b@mesh.test"])],
            });
            Case::new(ty, budget)
                .update(json!({ "limit_amount": "100.0" }), Expect::Nothing)
                .update(json!({ "limit_amount": "150.50" }), Expect::InPlace)
                .update(json!({ "notification": [notify(80.0, &["b@mesh.test", "c@mesh.test"])] }), Expect::InPlace)
                .update(
                    json!({ "notification": [notify(80.0, &["b@mesh.test", "c@mesh.test", "d@mesh.test"])] }),
                    Expect::InPlace,
                )
                .update(
                    json!({ "notification": [notify(33.3, &["c@mesh.test"]), notify(80.0, &["b@mesh.test"])] }),
                    Expect::InPlace,
                )
                .update(json!({ "notification": [], "tags": { "team": "orders" } }), Expect::InPlace)
                .update(json!({ "tags": { "mesh": "shop" } }), Expect::InPlace)
                .update(
                    json!({ "cost_filter": [{ "name": "Service", "values": ["Amazon Athena", "AWS Glue"] }] }),
                    Expect::InPlace,
                )
                .update(json!({ "cost_types": { "include_tax": false }, "time_unit": "QUARTERLY" }), Expect::InPlace)
                .update(json!({ "cost_types": null, "time_period_end": "2030-01-01_00:00" }), Expect::InPlace)
                .drift("raised", at.drift(raised))
                .drift("deleted", at.drift(deleted))
                .import(format!("{account}:orders"), &[])
                .update(json!({ "name": "sales" }), Expect::Replace)
        }),
        Scenario::new(ty, "planned limits", move |_| {
            let limit = |start: &str, amount: &str| json!({ "start_time": start, "amount": amount, "unit": "USD" });
            let (january, february) = (limit("2026-01-01_00:00", "10"), limit("2026-02-01_00:00", "20"));
            let budget = json!({
                "name_prefix": "orders-", "budget_type": "COST", "time_unit": "MONTHLY",
                "time_period_start": "2026-01-01_00:00", "planned_limit": [january, february],
            });
            let (same, other) = (limit("2026-02-01_00:00", "20.0"), limit("2026-02-01_00:00", "25"));
            Case::new(ty, budget)
                .update(json!({ "planned_limit": [january, same] }), Expect::Nothing)
                .update(json!({ "planned_limit": [january, other] }), Expect::InPlace)
        }),
    ];
    scenarios.into_iter().map(|scenario| scenario.not_on(MOTO, "ListTagsForResource", PAGE)).collect()
}

fn action() -> Scenario {
    let ty = "aws_budgets_budget_action";
    Scenario::new(ty, "nowhere", move |_| Case::new(ty, json!({}))).not_on(MOTO, "CreateBudgetAction", PAGE).not_on(
        MINISTACK,
        "CreateBudgetAction",
        "answers that it is not implemented",
    )
}
