module "daily" {
  source = "git::file:///tmp/mesh-directory/repo//daily?ref=v1.0.1"
}

module "weekly" {
  source = "git::file:///tmp/mesh-directory/repo?ref=0123456789012345678901234567890123456789"
}
