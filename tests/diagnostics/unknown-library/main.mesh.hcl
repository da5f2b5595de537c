mesh {
  library "platform" {
    source = "./lib"
  }
}

module "daily" {
  source  = "platfrom//jobs/daily"
  version = "~> 1.0"
}
