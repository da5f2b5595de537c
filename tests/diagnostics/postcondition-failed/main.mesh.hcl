data "local_file" "prices" {
  path = "prices.csv"

  lifecycle {
    postcondition {
      condition     = length(split("\n", self.content)) > 3
      error_message = "${self.path} has no rows."
    }
  }
}

resource "terraform_data" "prices" {
  input = data.local_file.prices.content
}
