resource "local_buckt" "landing" {
  path = "landing"
}

data "local_bucket" "landing" {
  path = "landing"
}

resource "local_command" "answer" {
  command = ["true"]
}
