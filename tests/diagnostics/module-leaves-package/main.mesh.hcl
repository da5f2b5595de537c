module "daily" {
  source = "git::file:///tmp/mesh-directory/repo//daily?ref=v1.0.0"
}
