mesh {
  library "platform" {
    source = "./lib"
  }
}

module "daily" {
  source  = "platform//jobs/daily"
}
