resource "local_bucket" "kept" {
  path = "kept"
}

resource "local_bucket" "gone" {
  path = "gone"
}

module "m" {
  source = "./m"
  count  = 2
  name   = "m${count.index}"
}
