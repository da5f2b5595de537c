# Who may do what: the cluster's own roles, the role that Lake Formation reads with, and the consumers' role.

locals {
  services = {
    cluster  = "elasticmapreduce.amazonaws.com"
    machines = "ec2.amazonaws.com"
    lake     = "lakeformation.amazonaws.com"
  }
}

data "aws_iam_policy_document" "trust" {
  for_each = local.services

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = [each.value]
    }
  }
}

resource "aws_iam_role" "service" {
  for_each = local.services

  name               = "${var.name}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.trust[each.key].json
}

resource "aws_iam_role_policy_attachment" "cluster" {
  role       = aws_iam_role.service["cluster"].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonEMRServicePolicy_v2"
}

data "aws_iam_policy_document" "data" {
  statement {
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    resources = ["${aws_s3_bucket.orders.arn}/*"]
  }

  statement {
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.orders.arn]
  }
}

resource "aws_iam_role_policy" "data" {
  for_each = toset(["machines", "lake"])

  name   = "data"
  role   = aws_iam_role.service[each.key].id
  policy = data.aws_iam_policy_document.data.json
}

resource "aws_iam_instance_profile" "machines" {
  name = "${var.name}-machines"
  role = aws_iam_role.service["machines"].name
}

# Whoever consumes the port takes this role. It may ask Athena; what it sees, Lake Formation says.
data "aws_iam_policy_document" "consumer_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = coalesce(var.consumers, ["arn:aws:iam::${local.account}:root"])
    }
  }
}

data "aws_iam_policy_document" "consumer" {
  statement {
    actions   = ["athena:StartQueryExecution", "athena:GetQueryExecution", "athena:GetQueryResults"]
    resources = [aws_athena_workgroup.orders.arn]
  }

  statement {
    actions   = ["glue:GetDatabase", "glue:GetTable", "lakeformation:GetDataAccess"]
    resources = ["*"]
  }

  statement {
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${aws_s3_bucket.orders.arn}/results/*"]
  }
}

resource "aws_iam_role" "consumer" {
  name               = "${var.name}-consumer"
  assume_role_policy = data.aws_iam_policy_document.consumer_trust.json
}

resource "aws_iam_role_policy" "consumer" {
  name   = "query"
  role   = aws_iam_role.consumer.id
  policy = data.aws_iam_policy_document.consumer.json
}
