resource "local_job" "load" {
  command  = ["sh", "-c", "grep -q fine mode"]
  triggers = { version = "1" }
}
