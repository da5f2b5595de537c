mesh {
  library "platform" {
    source = "./lib"
  }
}

module "daily" {
  source  = "platform//jobs/dialy"
  version = "~> 1.0"
}
