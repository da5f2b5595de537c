resource "local_cluster" "spinners" {
  name         = "spinners"
  command      = ["sleep", "600"]
  workers      = 2
  ready_after  = "50ms"
  stop_timeout = "1s"
}

output "running" {
  value = local_cluster.spinners.workers_running
}

output "last_pid" {
  value = local_cluster.spinners.members[1].pid
}
