resource "terraform_data" "region" {
  lifecycle {
    ignore_changes = ["input", output[count.index]]
  }
}

resource "terraform_data" "table" {
  lifecycle {
    ignore_changes = input
  }
}
