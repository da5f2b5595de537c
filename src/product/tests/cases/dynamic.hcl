data_product "generated" {
  domain  = "sales"
  version = "0.1.0"
  owner   = "team"

  output "all" {
    kind = "view"
    schema {
      dynamic "column" {
        for_each = var.columns
        labels   = [column.key]
        content {
          type = column.value
        }
      }
    }
  }
}
