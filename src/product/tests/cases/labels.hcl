data_product "orders" {
  domain  = "sales"
  version = "1.0.0"
  owner   = "team"

  output {
    kind = "files"
  }
  output "a" "b" {
    kind = "files"
    schema "x" {
      column "id" {
        name = "id"
        type = "uuid"
      }
    }
  }
  dynamic "input" {
    for_each = []
    content {
      port = "crm.people/all@2.0.0"
    }
  }
}
