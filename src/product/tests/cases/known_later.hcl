data_product "orders" {
  domain  = "sales"
  version = local_bucket.landing.url
  owner   = local_bucket.landing.url

  output "daily" {
    kind = "table"
    schema {
      primary_key = [local_bucket.landing.url]
      column "day" {
        type = local_bucket.landing.url
      }
    }
  }
}
