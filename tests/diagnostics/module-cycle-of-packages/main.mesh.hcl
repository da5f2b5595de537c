module "daily" {
  source = "git::file:///tmp/mesh-directory/repo//daily"
}
