variable "expected" {
  default = 3
}

resource "terraform_data" "size" {
  input = 3
}

resource "local_bucket" "landing" {
  path = "landing"
}

resource "local_object" "prices" {
  bucket  = local_bucket.landing.path
  key     = "prices.csv"
  content = "apple,3"
}

check "size" {
  assert {
    condition     = terraform_data.size.output == var.expected
    error_message = "The size is ${terraform_data.size.output}, and ${var.expected} is expected."
  }
}

check "prices" {
  data "local_file" "read_back" {
    path       = "${local_bucket.landing.path}/prices.csv"
    depends_on = [local_object.prices]
  }

  assert {
    condition     = data.local_file.read_back.content == "apple,3"
    error_message = "Somebody wrote ${data.local_file.read_back.content}."
  }
}

check "always" {
  assert {
    condition     = var.expected > 0
    error_message = "Nothing is expected."
  }
}
