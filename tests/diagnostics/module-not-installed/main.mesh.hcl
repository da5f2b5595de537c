module "daily" {
  source = "git::file:///tmp/mesh-directory/repo//daily?ref=v1.0.0"
}

mesh {
  library "platform" {
    source = "./lib"
  }
}

module "weekly" {
  source  = "platform//jobs/weekly"
  version = "~> 1.0"
}
