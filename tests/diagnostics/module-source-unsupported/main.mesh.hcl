module "daily" {
  source = "git::https://example.com/modules.git//daily"
}

module "weekly" {
  source = "modules/weekly"
}
