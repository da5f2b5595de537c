# AWS itself watches what the product costs: estimates are made before, this holds afterwards.

resource "aws_budgets_budget" "this" {
  name         = var.name
  budget_type  = "COST"
  limit_amount = tostring(var.monthly_limit)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  cost_filter {
    name   = "TagKeyValue"
    values = [format("user:product$%s", var.product)]
  }

  notification {
    comparison_operator        = "GREATER_THAN"
    notification_type          = "ACTUAL"
    threshold                  = 80
    threshold_type             = "PERCENTAGE"
    subscriber_email_addresses = var.notify
  }

  notification {
    comparison_operator        = "GREATER_THAN"
    notification_type          = "FORECASTED"
    threshold                  = 100
    threshold_type             = "PERCENTAGE"
    subscriber_email_addresses = var.notify
  }
}

# What costs by the hour or by the byte, and whoever is stopped may start no more of.
data "aws_iam_policy_document" "stop" {
  statement {
    sid    = "NothingNew"
    effect = "Deny"
    actions = [
      "elasticmapreduce:RunJobFlow",
      "elasticmapreduce:AddJobFlowSteps",
      "elasticmapreduce:AddInstanceGroups",
      "elasticmapreduce:AddInstanceFleet",
      "elasticmapreduce:ModifyInstanceGroups",
      "elasticmapreduce:ModifyInstanceFleet",
      "emr-serverless:StartApplication",
      "emr-serverless:StartJobRun",
      "glue:StartJobRun",
      "glue:StartCrawler",
      "athena:StartQueryExecution",
      "ec2:RunInstances",
    ]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "stop" {
  name        = "${var.name}-budget-is-used-up"
  description = "Starts nothing more that costs money: attached when the budget of ${var.product} is used up."
  policy      = data.aws_iam_policy_document.stop.json

  lifecycle {
    enabled = var.stop != null
  }
}

resource "aws_budgets_budget_action" "stop" {
  budget_name        = aws_budgets_budget.this.name
  action_type        = "APPLY_IAM_POLICY"
  approval_model     = "AUTOMATIC"
  notification_type  = "ACTUAL"
  execution_role_arn = var.stop.execution_role

  action_threshold {
    action_threshold_type  = "PERCENTAGE"
    action_threshold_value = 100
  }

  definition {
    iam_action_definition {
      policy_arn = aws_iam_policy.stop.arn
      roles      = var.stop.roles
    }
  }

  dynamic "subscriber" {
    for_each = var.notify

    content {
      address           = subscriber.value
      subscription_type = "EMAIL"
    }
  }

  lifecycle {
    enabled = var.stop != null
  }
}

locals {
  # What one machine costs in an hour, with what EMR takes on top of it.
  machine_hour = var.cluster == null ? 0 : list_price("aws/ec2/on-demand/${var.cluster.instance_type}", var.region) + list_price("aws/emr/instance/${var.cluster.instance_type}", var.region)

  # What the cluster's part of the limit pays for, the primary machine included.
  machines      = var.cluster == null ? 0 : floor(var.monthly_limit * var.cluster.share / 100 / (var.cluster.busy_hours * local.machine_hour))
  most_machines = max(local.machines - 1, 1)

  # After each run the machines wait once.
  idle_seconds = var.cluster == null ? 0 : floor(var.monthly_limit * var.cluster.share / 100 / 20 / (var.cluster.runs * max(local.machines, 2) * local.machine_hour) * 3600)

  # 10^12 bytes are a terabyte of Athena's bill at most, and 10 MiB the least that a cutoff may be.
  bytes_a_query = var.queries == null ? null : floor(var.monthly_limit * var.queries.share / 100 / var.queries.a_month / list_price("aws/athena/scanned", var.region) * 1000000000000)
}

resource "aws_emr_managed_scaling_policy" "this" {
  cluster_id = var.cluster_id

  compute_limits {
    unit_type              = "Instances"
    minimum_capacity_units = 1
    maximum_capacity_units = local.most_machines
  }

  lifecycle {
    enabled = var.cluster != null && try(var.cluster.scale, false)
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = var.storage.bucket

  rule {
    id     = "what-gets-old-gets-cheaper"
    status = "Enabled"

    filter {
      prefix = var.storage.prefix
    }

    transition {
      days          = var.storage.archive_days
      storage_class = "STANDARD_IA"
    }

    expiration {
      days = var.storage.expire_days
    }
  }

  lifecycle {
    enabled = var.storage != null
  }
}

check "the_limit_pays_for_the_cluster" {
  assert {
    condition     = var.cluster == null || local.machines >= 2
    error_message = "${try(var.cluster.share, 0)} % of ${var.monthly_limit} USD pay for ${local.machines} machine(s) of ${try(var.cluster.instance_type, "")} for ${try(var.cluster.busy_hours, 0)} hours, and a cluster has two at least. Take a smaller type, fewer hours, or a higher limit."
  }
}
