variable "region" {
  typ         = string
  description = "Where it runs."
  validation  = true
}

resource "local_object" "prices" {
  bucket   = "landing"
  key      = "prices.csv"
  contents = "a,b"
}

module "daily" {
  source = "./daily"
  regoin = var.region
}
