data_product "raw" {
  domain  = "sales"
  version = "1.0.0"
  owner   = "sales-data@example.com"

  output "lines" {
    kind     = "files"
    location = "file:///srv/raw"
  }
}
