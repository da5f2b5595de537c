mesh {
  library "platform" {
    source = "http://127.0.0.1:40000/library"
  }
}

module "bucket" {
  source  = "platform//storage/bucket"
  version = "~> 1.0"
}

module "archive" {
  source = "http://127.0.0.1:40000/library/label.tar?checksum=sha256:SUM"
}

output "bucket" {
  value = module.bucket.label
}

output "path" {
  value = module.archive.path
}
