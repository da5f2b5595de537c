resource "locl_bucket" "landing" {
  path = "landing"
}

resource "aws_s3_bucket" "landing" {
  bucket = "landing"
}

resource "local_bucket" "archive" {
  provider = local.archive
  path     = "archive"
}
