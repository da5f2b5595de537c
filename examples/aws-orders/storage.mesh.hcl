# Everything that the product keeps: landed files, the table's data, results of queries, logs of the cluster.

resource "aws_s3_bucket" "orders" {
  bucket        = "${var.name}-${local.account}"
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_versioning" "orders" {
  bucket = aws_s3_bucket.orders.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "orders" {
  bucket = aws_s3_bucket.orders.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "orders" {
  bucket                  = aws_s3_bucket.orders.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_lifecycle_configuration" "orders" {
  bucket = aws_s3_bucket.orders.id

  rule {
    id     = "results"
    status = "Enabled"

    filter {
      prefix = "results/"
    }

    expiration {
      days = var.keep_results_days
    }
  }

  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {
      prefix = ""
    }

    noncurrent_version_expiration {
      noncurrent_days = 30
    }
  }

  depends_on = [aws_s3_bucket_versioning.orders]
}

resource "aws_s3_object" "job" {
  bucket = aws_s3_bucket.orders.id
  key    = "jobs/orders_daily.py"
  source = "${path.module}/jobs/orders_daily.py"
  etag   = filemd5("${path.module}/jobs/orders_daily.py")

  depends_on = [aws_s3_bucket_server_side_encryption_configuration.orders]
}
