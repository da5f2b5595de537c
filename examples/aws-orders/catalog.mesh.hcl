# The port's table in the catalog: its columns are those of the contract.

locals {
  hive_types = { string = "string", integer = "bigint", number = "double", boolean = "boolean", date = "date", timestamp = "timestamp" }
}

resource "aws_glue_catalog_database" "sales" {
  name        = replace(var.name, "-", "_")
  description = "Data products of sales."
}

resource "aws_glue_catalog_table" "orders_daily" {
  database_name = aws_glue_catalog_database.sales.name
  name          = "orders_daily"
  description   = local.port.description
  table_type    = "EXTERNAL_TABLE"

  parameters = {
    classification = "parquet"
  }

  partition_keys {
    name = "order_date"
    type = "date"
  }

  storage_descriptor {
    location      = "s3://${aws_s3_bucket.orders.bucket}/orders_daily/"
    input_format  = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"

    ser_de_info {
      serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
    }

    dynamic "columns" {
      for_each = [for column in local.port.columns : column if column.name != "order_date"]

      content {
        name    = columns.value.name
        type    = local.hive_types[columns.value.type]
        comment = columns.value.description
      }
    }
  }
}

# Lake Formation hands out what is in the bucket, to those who are granted it.
resource "aws_lakeformation_resource" "orders" {
  arn      = aws_s3_bucket.orders.arn
  role_arn = aws_iam_role.service["lake"].arn
}

resource "aws_lakeformation_permissions" "consumer_database" {
  principal   = aws_iam_role.consumer.arn
  permissions = ["DESCRIBE"]

  database {
    name = aws_glue_catalog_database.sales.name
  }
}

resource "aws_lakeformation_permissions" "consumer_table" {
  principal   = aws_iam_role.consumer.arn
  permissions = ["SELECT", "DESCRIBE"]

  table {
    database_name = aws_glue_catalog_database.sales.name
    name          = aws_glue_catalog_table.orders_daily.name
  }
}

resource "aws_athena_workgroup" "orders" {
  name          = var.name
  force_destroy = var.force_destroy

  configuration {
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true
    bytes_scanned_cutoff_per_query     = module.guard.most_bytes_a_query

    result_configuration {
      output_location = "s3://${aws_s3_bucket.orders.bucket}/results/"

      encryption_configuration {
        encryption_option = "SSE_S3"
      }
    }
  }
}
