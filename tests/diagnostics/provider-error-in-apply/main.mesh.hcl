resource "local_bucket" "landing" {
  path = "landing"
}

resource "local_object" "prices" {
  bucket  = local_bucket.landing.path
  key     = "prices.csv"
  content = "article,price"
}

resource "terraform_data" "report" {
  input = local_object.prices.key
}

resource "terraform_data" "other" {}
