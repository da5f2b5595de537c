output "bucket" {
  description = "Where the product's files are."
  value       = aws_s3_bucket.orders.bucket
}

output "cluster" {
  description = "The cluster's id."
  value       = aws_emr_cluster.spark.id
}

output "table" {
  description = "The port's table, for `SELECT * FROM ...` in Athena."
  value       = "${aws_glue_catalog_database.sales.name}.${aws_glue_catalog_table.orders_daily.name}"
}

output "consumer_role" {
  description = "The role that consumers of the port take."
  value       = aws_iam_role.consumer.arn
}
