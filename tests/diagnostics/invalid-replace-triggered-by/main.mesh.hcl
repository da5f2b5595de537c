resource "terraform_data" "region" {}

resource "terraform_data" "table" {
  lifecycle {
    replace_triggered_by = terraform_data.region
  }
}
