//! What people made by hand on AWS is taken over: imported, it is as configured, and the plan after it is empty.

#![expect(clippy::unwrap_used, reason = "a test that can't be set up has failed")]

use std::fmt::Write as _;

use mesh_tests::Sandbox;
use mesh_tests::emulator::{Emulator, Kind};

/// Made with boto3, the id by which it is imported, and how somebody would configure it.
struct HandMade {
    ty: &'static str,
    /// Emulators that know it.
    on: &'static [Kind],
    /// Python; its last expression is the id.
    made: &'static str,
    /// The arguments of its block. `ACCOUNT` is the emulator's account.
    body: &'static str,
}

const BOTH: &[Kind] = &[Kind::Moto, Kind::Ministack];
const MINISTACK: &[Kind] = &[Kind::Ministack];
const MOTO: &[Kind] = &[Kind::Moto];

/// What the others refer to comes first.
const HAND_MADE: &[HandMade] = &[
    HandMade {
        ty: "aws_s3_bucket",
        on: BOTH,
        made: r#"
s3.create_bucket(Bucket="landing")
s3.put_bucket_tagging(Bucket="landing", Tagging={"TagSet": [{"Key": "team", "Value": "orders"}]})
"landing"
"#,
        body: r#"
  bucket = "landing"
  tags   = { team = "orders" }
"#,
    },
    HandMade {
        ty: "aws_s3_bucket_versioning",
        on: MINISTACK,
        made: r#"
s3.put_bucket_versioning(Bucket="landing", VersioningConfiguration={"Status": "Enabled"})
"landing"
"#,
        body: r#"
  bucket = "landing"
  versioning_configuration {
    status = "Enabled"
  }
"#,
    },
    HandMade {
        ty: "aws_s3_bucket_public_access_block",
        on: BOTH,
        made: r#"
shut = dict(BlockPublicAcls=True, BlockPublicPolicy=True, IgnorePublicAcls=True, RestrictPublicBuckets=True)
s3.put_public_access_block(Bucket="landing", PublicAccessBlockConfiguration=shut)
"landing"
"#,
        body: r#"
  bucket                  = "landing"
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
"#,
    },
    HandMade {
        ty: "aws_s3_bucket_policy",
        on: BOTH,
        made: r#"
import json
deny = {"Effect": "Deny", "Principal": "*", "Action": ["s3:PutObject", "s3:DeleteObject"], "Resource": "arn:aws:s3:::landing/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
s3.put_bucket_policy(Bucket="landing", Policy=json.dumps({"Version": "2012-10-17", "Statement": deny}))
"landing"
"#,
        body: r#"
  bucket = "landing"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = ["s3:DeleteObject", "s3:PutObject"]
      Resource  = ["arn:aws:s3:::landing/*"]
      Condition = { Bool = { "aws:SecureTransport" = false } }
    }]
  })
"#,
    },
    HandMade {
        ty: "aws_iam_role",
        on: BOTH,
        made: r#"
trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
         "Principal": {"Service": ["glue.amazonaws.com"]}}]}
iam.create_role(RoleName="loader", Description="Loads.", AssumeRolePolicyDocument=json.dumps(trust),
                Tags=[{"Key": "team", "Value": "orders"}])
"loader"
"#,
        body: r#"
  name        = "loader"
  description = "Loads."
  tags        = { team = "orders" }
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = { Effect = "Allow", Action = ["sts:AssumeRole"], Principal = { Service = "glue.amazonaws.com" } }
  })
"#,
    },
    HandMade {
        ty: "aws_iam_role_policy",
        on: BOTH,
        made: r#"
read = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
iam.put_role_policy(RoleName="loader", PolicyName="read", PolicyDocument=json.dumps(read))
"loader:read"
"#,
        body: r#"
  role = "loader"
  name = "read"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = ["*"] }]
  })
"#,
    },
    HandMade {
        ty: "aws_iam_policy",
        on: BOTH,
        made: r#"iam.create_policy(PolicyName="reading", PolicyDocument=json.dumps(read))["Policy"]["Arn"]"#,
        body: r#"
  name = "reading"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }]
  })
"#,
    },
    HandMade {
        ty: "aws_iam_role_policy_attachment",
        on: BOTH,
        made: r#"
iam.attach_role_policy(RoleName="loader", PolicyArn="arn:aws:iam::ACCOUNT:policy/reading")
"loader/arn:aws:iam::ACCOUNT:policy/reading"
"#,
        body: r#"
  role       = "loader"
  policy_arn = "arn:aws:iam::ACCOUNT:policy/reading"
"#,
    },
    HandMade {
        ty: "aws_glue_catalog_database",
        on: BOTH,
        made: r#"
glue.create_database(DatabaseInput={"Name": "sales", "Description": "What is sold."})
"ACCOUNT:sales"
"#,
        body: r#"
  name        = "sales"
  description = "What is sold."
"#,
    },
    HandMade {
        ty: "aws_glue_catalog_table",
        on: BOTH,
        made: r#"
serde = {"SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"}
store = {"Columns": [{"Name": "id", "Type": "bigint"}, {"Name": "total", "Type": "double"}], "SerdeInfo": serde,
         "Location": "s3://landing/orders/",
         "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
         "OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"}
glue.create_table(DatabaseName="sales", TableInput={"Name": "orders", "TableType": "EXTERNAL_TABLE",
                  "Parameters": {"classification": "parquet"}, "PartitionKeys": [{"Name": "day", "Type": "date"}],
                  "StorageDescriptor": store})
"ACCOUNT:sales:orders"
"#,
        body: r#"
  name          = "orders"
  database_name = "sales"
  table_type    = "EXTERNAL_TABLE"
  parameters    = { classification = "parquet" }
  partition_keys {
    name = "day"
    type = "date"
  }
  storage_descriptor {
    location      = "s3://landing/orders/"
    input_format  = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
    columns {
      name = "id"
      type = "bigint"
    }
    columns {
      name = "total"
      type = "double"
    }
    ser_de_info {
      serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
    }
  }
"#,
    },
    HandMade {
        ty: "aws_glue_job",
        on: BOTH,
        made: r#"
glue.create_job(Name="load", Role="arn:aws:iam::ACCOUNT:role/loader", GlueVersion="4.0", WorkerType="G.1X", NumberOfWorkers=2,
                Command={"Name": "glueetl", "ScriptLocation": "s3://landing/load.py", "PythonVersion": "3"})
"load"
"#,
        body: r#"
  name              = "load"
  role_arn          = "arn:aws:iam::ACCOUNT:role/loader"
  glue_version      = "4.0"
  worker_type       = "G.1X"
  number_of_workers = 2
  command {
    script_location = "s3://landing/load.py"
    python_version  = "3"
  }
"#,
    },
    HandMade {
        ty: "aws_cloudwatch_log_group",
        on: BOTH,
        made: r#"
logs.create_log_group(logGroupName="/orders")
logs.put_retention_policy(logGroupName="/orders", retentionInDays=30)
"/orders"
"#,
        body: r#"
  name              = "/orders"
  retention_in_days = 30
"#,
    },
    HandMade {
        ty: "aws_sns_topic",
        on: BOTH,
        made: r#"sns.create_topic(Name="alerts", Attributes={"DisplayName": "Alerts"})["TopicArn"]"#,
        body: r#"
  name         = "alerts"
  display_name = "Alerts"
"#,
    },
    HandMade {
        ty: "aws_ecr_repository",
        on: BOTH,
        made: r#"
ecr.create_repository(repositoryName="orders/load", imageTagMutability="IMMUTABLE")
"orders/load"
"#,
        body: r#"
  name                 = "orders/load"
  image_tag_mutability = "IMMUTABLE"
"#,
    },
    HandMade {
        ty: "aws_kms_key",
        on: BOTH,
        made: r#"kms.create_key(Description="Of the orders.")["KeyMetadata"]["KeyId"]"#,
        body: r#"
  description = "Of the orders."
"#,
    },
    HandMade {
        ty: "aws_sfn_state_machine",
        on: BOTH,
        made: r#"
steps = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
stepfunctions.create_state_machine(name="orders", definition=json.dumps(steps, indent=2),
                                   roleArn="arn:aws:iam::ACCOUNT:role/loader")["stateMachineArn"]
"#,
        body: r#"
  name       = "orders"
  role_arn   = "arn:aws:iam::ACCOUNT:role/loader"
  definition = jsonencode({ States = { Done = { Type = "Succeed" } }, StartAt = "Done" })
"#,
    },
    HandMade {
        ty: "aws_athena_workgroup",
        on: MINISTACK,
        made: r#"
athena.create_work_group(Name="orders", Configuration={"BytesScannedCutoffPerQuery": 20000000})
"orders"
"#,
        body: r#"
  name = "orders"
  configuration {
    bytes_scanned_cutoff_per_query = 20000000
  }
"#,
    },
    HandMade {
        ty: "aws_budgets_budget",
        on: MINISTACK,
        made: r#"
budgets.create_budget(AccountId="ACCOUNT", Budget={"BudgetName": "orders", "BudgetType": "COST", "TimeUnit": "MONTHLY",
                      "BudgetLimit": {"Amount": "100.0", "Unit": "USD"}})
"ACCOUNT:orders"
"#,
        body: r#"
  name         = "orders"
  budget_type  = "COST"
  limit_amount = "100"
  limit_unit   = "USD"
  time_unit    = "MONTHLY"
"#,
    },
    HandMade {
        ty: "aws_lakeformation_lf_tag",
        on: MOTO,
        made: r#"
lakeformation.create_lf_tag(TagKey="class", TagValues=["internal", "secret"])
"ACCOUNT:class"
"#,
        body: r#"
  key    = "class"
  values = ["secret", "internal"]
"#,
    },
    HandMade {
        ty: "aws_emr_security_configuration",
        on: MOTO,
        made: r#"
rules = {"EncryptionConfiguration": {"EnableInTransitEncryption": False, "EnableAtRestEncryption": False}}
emr.create_security_configuration(Name="plain", SecurityConfiguration=json.dumps(rules))
"plain"
"#,
        body: r#"
  name = "plain"
  configuration = jsonencode({
    EncryptionConfiguration = { EnableAtRestEncryption = false, EnableInTransitEncryption = false }
  })
"#,
    },
];

#[test]
fn what_was_made_by_hand_on_moto_is_taken_over() {
    taken_over(Emulator::moto(), Kind::Moto, "123456789012");
}

#[test]
fn what_was_made_by_hand_on_ministack_is_taken_over() {
    taken_over(Emulator::ministack(), Kind::Ministack, "000000000000");
}

fn taken_over(emulator: &Emulator, kind: Kind, account: &str) {
    let emulator = emulator.lease();
    let mut configuration = format!(
        "provider \"aws\" {{\n  region = \"us-east-1\"\n  access_key = \"test\"\n  secret_key = \"test\"\n  \
         endpoint_url = \"{}\"\n  s3_use_path_style = true\n  max_retries = 2\n}}\n",
        emulator.endpoint()
    );
    let known: Vec<_> = HAND_MADE.iter().filter(|made| made.on.contains(&kind)).collect();
    for HandMade { ty, made, body, .. } in &known {
        let id = emulator.boto().must(&made.replace("ACCOUNT", account));
        let (id, body) = (id.as_str().unwrap(), body.replace("ACCOUNT", account));
        write!(
            configuration,
            "\nimport {{\n  to = {ty}.this\n  id = \"{id}\"\n}}\n\nresource \"{ty}\" \"this\" {{{body}}}\n"
        )
        .unwrap();
    }
    let sandbox = Sandbox::new(env!("CARGO_BIN_EXE_mesh"));
    sandbox.write("main.mesh.hcl", &configuration);
    let plan = sandbox.must("plan");
    let expected = format!("Plan: {} to import, 0 to add, 0 to change, 0 to destroy.", known.len());
    assert!(plan.out.contains(&expected), "{}", plan.out);
    sandbox.must("apply --auto-approve");
    let again = sandbox.mesh("plan --detailed-exitcode");
    assert_eq!(again.code, 0, "{}{}", again.out, again.err);
}
