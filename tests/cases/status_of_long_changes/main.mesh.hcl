resource "local_cluster" "spinners" {
  name         = "spinners"
  command      = ["sleep", "600"]
  workers      = 2
  ready_after  = "50ms"
  stop_timeout = "1s"
}
