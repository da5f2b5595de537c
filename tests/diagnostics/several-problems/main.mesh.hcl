resource "local_bucket" "landing" {
  path = "landing
}

variable 'region' {
  default: "north"
}

resource "local_object" "prices" {
  bucket = local_bucket.archive.path
  key    = "prices.csv"
  contents = "a,b"
}

output "prices" {
  value = local_object.prices.key
