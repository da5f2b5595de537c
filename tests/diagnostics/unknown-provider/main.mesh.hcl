resource "locl_bucket" "landing" {
  path = "landing"
}

resource "aws_s3_bucket" "landing" {
  bucket = "landing"
}

data "aws_region" "current" {
  name = var.region
}

resource "local_bucket" "archive" {
  provider = local.archive
  path     = "archive"
}
