module "daily" {
  source = "git::file:///tmp/mesh-directory/repo//dialy?ref=v1.0.0"
}
