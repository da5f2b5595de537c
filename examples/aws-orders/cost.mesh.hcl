# What the product may cost: held before anything is made, and by AWS itself afterwards.

module "guard" {
  source = "../../modules/cost-guard/aws"

  name          = var.name
  product       = "sales.orders"
  region        = var.region
  monthly_limit = data_product.orders.budget.amount
  notify        = [var.cost_alerts_to]

  cluster_id = aws_emr_cluster.spark.id

  cluster = {
    instance_type = var.machine_type
    busy_hours    = var.busy_hours
    scale         = var.cluster_guards
  }

  queries = {
    a_month = 2000
    share   = 20
  }
}

# What only use decides: as far as the team knows it.

usage "aws_emr_cluster.spark" {
  busy_hours        = var.busy_hours
  runs              = 30
  average_instances = 2
}

usage "aws_s3_bucket.orders" {
  storage_gb              = 40
  new_gb                  = 5
  overwritten_gb          = 2
  lifecycle_share_percent = 20
  put_requests            = 20000
  get_requests            = { low = 100000, expected = 300000, high = 1000000 }
  transfer_out_gb         = { low = 0, expected = 1, high = 10 }
}

usage "aws_athena_workgroup.orders" {
  scanned_tb = { low = 0.1, expected = 0.5, high = 2 }
}
