resource "local_table" "this" {
  warehouse       = var.warehouse
  name            = var.name
  primary_key     = var.primary_key
  allow_data_loss = var.allow_data_loss

  columns = [for column in var.columns : {
    name        = column.name
    type        = column.type
    nullable    = !column.required
    description = column.description
    default     = column.default
  }]
}
