//! Glue's catalog: databases, tables, schemas.

use mesh_provider::contract::{Case, Expect};
use mesh_tests::emulator::{MINISTACK, MOTO, Scenario};
use serde_json::{Value as Json, json};

pub fn scenarios() -> Vec<Scenario> {
    vec![database(), permissions(), table(), iceberg(), view(), registry(), schema(), protobuf()]
}

const NO_CODE: &str = "answers HTML with status 500";

fn database() -> Scenario {
    Scenario::new("aws_glue_catalog_database", "lake", |at| {
        let ty = "aws_glue_catalog_database";
        Case::new(ty, json!({ "name": "orders", "location_uri": "s3://landing/orders", "tags": { "team": "orders" } }))
            .update(json!({ "description": "All orders" }), Expect::InPlace)
            .update(json!({ "parameters": { "domain": "sales" } }), Expect::InPlace)
            .update(json!({ "location_uri": "s3://lake/orders" }), Expect::InPlace)
            .update(json!({ "tags": { "team": "sales", "tier": "gold" } }), Expect::InPlace)
            .update(json!({ "description": null, "parameters": null, "tags": null }), Expect::InPlace)
            .drift(
                "described by hand",
                at.drift(
                    "glue.update_database(Name='orders', DatabaseInput={'Name': 'orders', 'Description': 'x', \
                     'LocationUri': 's3://lake/orders'})",
                ),
            )
            .drift(
                "tagged by hand",
                at.drift(format!(
                    "glue.tag_resource(ResourceArn='arn:aws:glue:us-east-1:{}:database/orders', TagsToAdd={{'by': 'hand'}})",
                    at.account()
                )),
            )
            .drift("deleted", at.drift("glue.delete_database(Name='orders')"))
            .import(format!("{}:orders", at.account()), &[])
            .update(json!({ "name": "customers" }), Expect::Replace)
    })
}

fn permissions() -> Scenario {
    Scenario::new("aws_glue_catalog_database", "permissions", |at| {
        let all = json!([{ "permissions": ["ALL"], "principal": { "data_lake_principal_identifier": "IAM_ALLOWED_PRINCIPALS" } }]);
        let target = json!({ "catalog_id": "111122223333", "database_name": "orders" });
        Case::new("aws_glue_catalog_database", json!({ "name": "orders", "create_table_default_permission": all }))
            .update(
                json!({ "create_table_default_permission": [{
                    "permissions": ["SELECT", "ALTER"],
                    "principal": { "data_lake_principal_identifier": "arn:aws:iam::123456789012:role/reader" },
                }] }),
                Expect::InPlace,
            )
            .import(format!("{}:orders", at.account()), &[])
            .update(json!({ "create_table_default_permission": [{}] }), Expect::InPlace)
            .update(json!({ "name": "shared", "target_database": target }), Expect::Replace)
    })
    .not_on(MINISTACK, "CreateTableDefaultPermissions", "it forgets them, and links to databases")
}

fn parquet() -> Json {
    json!({
        "name": "lines",
        "database_name": "orders",
        "table_type": "EXTERNAL_TABLE",
        "parameters": { "EXTERNAL": "TRUE", "classification": "parquet" },
        "partition_keys": [{ "name": "day", "type": "date" }],
        "storage_descriptor": {
            "location": "s3://landing/orders/lines/",
            "input_format": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
            "output_format": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
            "ser_de_info": {
                "serialization_library": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
                "parameters": { "serialization.format": "1" },
            },
            "columns": [
                { "name": "order_id", "type": "bigint", "comment": "The order" },
                { "name": "amount", "type": "decimal(18,2)" },
            ],
        },
    })
}

fn table() -> Scenario {
    Scenario::new("aws_glue_catalog_table", "parquet", |at| {
        let mut csv = parquet()["storage_descriptor"].clone();
        csv["input_format"] = json!("org.apache.hadoop.mapred.TextInputFormat");
        csv["output_format"] = json!("org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat");
        csv["ser_de_info"] = json!({
            "name": "csv",
            "serialization_library": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
            "parameters": { "field.delim": ",", "skip.header.line.count": "1" },
        });
        csv["columns"] = json!([{ "name": "order_id", "type": "bigint", "parameters": { "pii": "no" } }]);
        let mut bucketed = csv.clone();
        bucketed["number_of_buckets"] = json!(4);
        bucketed["bucket_columns"] = json!(["order_id"]);
        bucketed["sort_columns"] = json!([{ "column": "order_id", "sort_order": 1 }]);
        bucketed["skewed_info"] = json!({
            "skewed_column_names": ["order_id"],
            "skewed_column_values": ["0"],
            "skewed_column_value_location_maps": { "0": "s3://landing/orders/zero/" },
        });
        bucketed["parameters"] = json!({ "sizeKey": "1" });
        bucketed["compressed"] = json!(true);
        bucketed["stored_as_sub_directories"] = json!(true);
        bucketed["additional_locations"] = json!(["s3://landing/more/"]);
        let by_hand = "there = glue.get_table(DatabaseName='orders', Name='lines')['Table']\n\
                       keys = ['Name', 'PartitionKeys', 'StorageDescriptor', 'Parameters', 'TableType']\n\
                       there = {key: there[key] for key in keys if key in there}\n";
        let case = Case::new("aws_glue_catalog_table", parquet())
            .update(json!({ "storage_descriptor": csv }), Expect::InPlace)
            .update(json!({ "storage_descriptor": bucketed }), Expect::InPlace)
            .update(json!({ "description": "The lines of orders", "owner": "sales" }), Expect::InPlace)
            .update(json!({ "parameters": { "classification": "csv" } }), Expect::InPlace)
            .update(
                json!({ "partition_keys": [{ "name": "day", "type": "date" }, { "name": "shop", "type": "int" }] }),
                Expect::InPlace,
            )
            .update(json!({ "storage_descriptor": csv, "parameters": null, "description": null }), Expect::InPlace)
            .drift(
                "a column by hand",
                at.drift(format!(
                    "{by_hand}there['StorageDescriptor']['Columns'].append({{'Name': 'note', 'Type': 'string'}})\n\
                     glue.update_table(DatabaseName='orders', TableInput=there)"
                )),
            )
            .drift("deleted", at.drift("glue.delete_table(DatabaseName='orders', Name='lines')"))
            .import(format!("{}:orders:lines", at.account()), &[])
            .update(json!({ "name": "items" }), Expect::Replace);
        case.when(at.has("Retention"), |case| case.update(json!({ "retention": 30 }), Expect::InPlace))
    })
    .setup("glue.create_database(DatabaseInput={'Name': 'orders'})")
    .lacking(MINISTACK, "Retention", "it forgets how long data is kept")
}

fn iceberg() -> Scenario {
    Scenario::new("aws_glue_catalog_table", "iceberg", |at| {
        let columns = json!([{ "name": "order_id", "type": "bigint" }]);
        let wide = json!([{ "name": "order_id", "type": "bigint" }, { "name": "note", "type": "string" }]);
        let input = json!({ "iceberg_input": { "metadata_operation": "CREATE", "version": "2" } });
        Case::new(
            "aws_glue_catalog_table",
            json!({
                "name": "events",
                "database_name": "orders",
                "table_type": "EXTERNAL_TABLE",
                "open_table_format_input": input,
                "storage_descriptor": { "location": "s3://lake/events", "columns": columns },
            }),
        )
        .aside(
            "committed by an engine",
            at.drift(
                "there = glue.get_table(DatabaseName='orders', Name='events')['Table']\n\
             there = {key: there[key] for key in ['Name', 'StorageDescriptor', 'TableType']}\n\
             there['Parameters'] = {'table_type': 'ICEBERG', 'metadata_location': 's3://lake/events/v1.json'}\n\
             there['StorageDescriptor']['Columns'][0]['Parameters'] = {'iceberg.field.id': '1'}\n\
             glue.update_table(DatabaseName='orders', TableInput=there)",
            ),
        )
        .update(json!({ "storage_descriptor": { "location": "s3://lake/events", "columns": wide } }), Expect::InPlace)
        .update(json!({ "open_table_format_input": null }), Expect::Nothing)
    })
    .setup("glue.create_database(DatabaseInput={'Name': 'orders'})")
}

fn view() -> Scenario {
    Scenario::new("aws_glue_catalog_table", "view", |at| {
        Case::new(
            "aws_glue_catalog_table",
            json!({
                "name": "totals",
                "database_name": "orders",
                "table_type": "VIRTUAL_VIEW",
                "view_original_text": "/* Presto View: e30= */",
                "view_expanded_text": "/* Presto View */",
            }),
        )
        .update(json!({ "view_original_text": "/* Presto View: e30x */" }), Expect::InPlace)
        .update(json!({ "view_expanded_text": null }), Expect::InPlace)
        .import(format!("{}:orders:totals", at.account()), &[])
    })
    .setup("glue.create_database(DatabaseInput={'Name': 'orders'})")
}

fn registry() -> Scenario {
    Scenario::new("aws_glue_registry", "tags", |at| {
        let arn = format!("arn:aws:glue:us-east-1:{}:registry/streams", at.account());
        let config = json!({ "registry_name": "streams", "description": "Events", "tags": { "team": "orders" } });
        Case::new("aws_glue_registry", config)
            .update(json!({ "tags": { "tier": "gold" } }), Expect::InPlace)
            .when(at.has("UpdateRegistry"), |case| case.update(json!({ "description": null }), Expect::InPlace))
            .drift(
                "tagged by hand",
                at.drift(format!("glue.tag_resource(ResourceArn='{arn}', TagsToAdd={{'by': 'hand'}})")),
            )
            .drift("deleted", at.drift("glue.delete_registry(RegistryId={'RegistryName': 'streams'})"))
            .import(&arn, &[])
            .update(json!({ "registry_name": "topics" }), Expect::Replace)
    })
    .lacking(MOTO, "UpdateRegistry", NO_CODE)
    .not_on(MINISTACK, "CreateRegistry", "knows no schema registry")
}

fn schema() -> Scenario {
    Scenario::new("aws_glue_schema", "avro", |at| {
        let account = at.account();
        let record = |fields: Json| json!({ "type": "record", "name": "order", "fields": fields }).to_string();
        let (id, note) = (json!({ "name": "id", "type": "long" }), json!({ "name": "note", "type": "string", "default": "" }));
        let registry = format!("arn:aws:glue:us-east-1:{account}:registry/streams");
        let config = json!({
            "schema_name": "order",
            "registry_arn": registry,
            "data_format": "AVRO",
            "compatibility": "BACKWARD",
            "schema_definition": record(json!([id])),
        });
        Case::new("aws_glue_schema", config)
            .update(
                json!({ "schema_definition": "{ \"name\": \"order\", \"type\": \"record\",\n \"fields\": [{\"type\": \"long\", \"name\": \"id\"}] }" }),
                Expect::Nothing,
            )
            .update(json!({ "schema_definition": record(json!([id, note])) }), Expect::InPlace)
            .update(json!({ "compatibility": "FULL", "description": "An order" }), Expect::InPlace)
            .update(json!({ "tags": { "team": "orders" } }), Expect::InPlace)
            .import(format!("arn:aws:glue:us-east-1:{account}:schema/streams/order"), &[])
            .drift(
                "another compatibility by hand",
                at.drift(
                    "glue.update_schema(SchemaId={'RegistryName': 'streams', 'SchemaName': 'order'}, Compatibility='NONE')",
                ),
            )
            .drift(
                "deleted",
                at.drift("glue.delete_schema(SchemaId={'RegistryName': 'streams', 'SchemaName': 'order'})"),
            )
            .aside(
                "the same definition once more",
                at.drift(
                    "definition = glue.get_schema_version(SchemaId={'RegistryName': 'streams', 'SchemaName': 'order'}, \
                     SchemaVersionNumber={'LatestVersion': True})['SchemaDefinition']\n\
                     glue.register_schema_version(SchemaId={'RegistryName': 'streams', 'SchemaName': 'order'}, \
                     SchemaDefinition=definition)"
                ),
            )
            .update(json!({ "schema_name": "line" }), Expect::Replace)
    })
    .setup("glue.create_registry(RegistryName='streams')")
    .not_on(MINISTACK, "CreateSchema", "knows no schema registry")
}

fn protobuf() -> Scenario {
    Scenario::new("aws_glue_schema", "protobuf", |at| {
        let config = json!({
            "schema_name": "line",
            "data_format": "PROTOBUF",
            "compatibility": "NONE",
            "schema_definition": "syntax = \"proto3\";\nmessage Line { int64 id = 1; }",
        });
        Case::new("aws_glue_schema", config)
            .update(
                json!({ "schema_definition": "syntax = \"proto3\";\n\nmessage Line {\n  int64 id = 1;\n}\n" }),
                Expect::Nothing,
            )
            .import(format!("arn:aws:glue:us-east-1:{}:schema/default-registry/line", at.account()), &[])
            .update(json!({ "data_format": "JSON", "schema_definition": "{\"type\": \"object\"}" }), Expect::Replace)
    })
    .not_on(MINISTACK, "CreateSchema", "knows no schema registry")
}
