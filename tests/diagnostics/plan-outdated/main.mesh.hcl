variable "regions" {
  default = "north"
}

resource "local_bucket" "landing" {
  path = "landing"
}

resource "local_object" "regions" {
  bucket  = local_bucket.landing.path
  key     = "regions.txt"
  content = var.regions
}

resource "terraform_data" "regions" {
  input      = try(file("landing/regions.txt"), "none")
  depends_on = [local_object.regions]
}

resource "terraform_data" "each" {
  count      = try(length(split(",", file("landing/regions.txt"))), 0)
  depends_on = [local_object.regions]
}
