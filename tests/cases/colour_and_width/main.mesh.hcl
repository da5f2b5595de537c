variable "copies" {
  default = 1
}

resource "terraform_data" "text" {
  count = var.copies
  input = <<-TEXT
    A text of several lines, of which one is wider than any terminal at eighty columns would like it to be,
    one short,
    and a last one.
  TEXT
}

output "json" {
  value = jsonencode({ a = 1, b = [true, null] })
}
