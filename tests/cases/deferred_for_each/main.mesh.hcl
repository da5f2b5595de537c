resource "terraform_data" "source" {
  input = ["x", "y"]
}

resource "terraform_data" "each" {
  for_each = toset(terraform_data.source.output)
  input    = each.key
}

resource "terraform_data" "reader" {
  input = [for key, each in terraform_data.each : each.output]
}

output "read" {
  value = terraform_data.reader.output
}
