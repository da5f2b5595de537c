mesh {
  library "platform" {
    source = "example.com/modules"
  }
}

module "daily" {
  source  = "platform//jobs/daily"
  version = "~> 1.0"
}
