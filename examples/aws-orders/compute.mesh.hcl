# A small Spark cluster that grows with the work and ends when there is none.

resource "aws_emr_cluster" "spark" {
  name          = var.name
  release_label = "emr-7.5.0"
  applications  = ["Spark"]
  service_role  = aws_iam_role.service["cluster"].arn
  log_uri       = "s3://${aws_s3_bucket.orders.bucket}/logs/"

  ec2_attributes {
    instance_profile = aws_iam_instance_profile.machines.arn
    subnet_id        = var.subnet_id
  }

  master_instance_group {
    instance_type = var.machine_type
  }

  core_instance_group {
    instance_type  = var.machine_type
    instance_count = var.machines
  }

  configurations_json = jsonencode([
    {
      Classification = "spark-hive-site"
      Properties = {
        "hive.metastore.client.factory.class" = "com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory"
      }
    },
  ])

  dynamic "auto_termination_policy" {
    for_each = var.cluster_guards ? [1] : []

    content {
      idle_timeout = module.guard.idle_timeout
    }
  }

  # A cluster that starts before its roles may act fails.
  depends_on = [aws_iam_role_policy_attachment.cluster, aws_iam_role_policy.data]
}
