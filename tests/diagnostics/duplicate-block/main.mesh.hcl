resource "terraform_data" "region" {
  lifecycle {
    prevent_destroy = true
  }

  lifecycle {
    ignore_changes = all
  }
}
