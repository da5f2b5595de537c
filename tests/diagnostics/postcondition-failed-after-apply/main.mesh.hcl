resource "terraform_data" "prices" {
  input = "article,price"

  lifecycle {
    postcondition {
      condition     = length(self.id) < 8
      error_message = "The id is too long for the catalog."
    }
  }
}

resource "terraform_data" "report" {
  input = terraform_data.prices.id
}
