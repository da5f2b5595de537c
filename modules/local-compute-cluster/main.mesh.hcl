resource "local_cluster" "this" {
  name         = var.name
  workers      = var.workers
  command      = var.command
  env          = var.env
  working_dir  = var.working_dir
  stop_timeout = var.stop_timeout
}
