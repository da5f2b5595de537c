resource "local_job" "slow" {
  command = ["sh", "-c", "touch running; until [ -e go ]; do sleep 0.05; done"]
}
