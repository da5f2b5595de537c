variable "orders" {
  type = any
}

resource "terraform_data" "report" {
  input = "report on ${var.orders.ports.daily.location}"
}

data_product "report" {
  domain  = "sales"
  version = "0.1.0"
  owner   = "reports@example.com"

  input "orders" {
    port = var.orders.ports.daily
  }

  output "page" {
    kind     = "files"
    location = terraform_data.report.output
  }
}
