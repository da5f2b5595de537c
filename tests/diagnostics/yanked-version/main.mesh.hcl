mesh {
  library "platform" {
    source = "./lib"
  }
}

module "daily" {
  source  = "platform//jobs/daily"
  version = "~> 1.0"
}
