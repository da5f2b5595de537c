resource "local_job" "load" {
  command = ["sh", "-c", "test $(cat mode) = fine"]
  log_dir = "logs/${local.version}"

  lifecycle {
    create_before_destroy = true
  }
}

locals {
  version = "1"
}
