module "label" {
  source = "git::file:///tmp/mesh-directory/modules"
}

module "archive" {
  source = "./archive.tar"
}
