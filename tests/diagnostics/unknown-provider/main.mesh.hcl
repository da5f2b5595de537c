resource "locl_bucket" "landing" {
  path = "landing"
}

resource "azurerm_storage_container" "landing" {
  bucket = "landing"
}

data "azurerm_location" "current" {
  name = var.region
}

resource "local_bucket" "archive" {
  provider = local.archive
  path     = "archive"
}
