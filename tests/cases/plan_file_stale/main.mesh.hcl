resource "terraform_data" "a" {
  input = "one"
}

resource "terraform_data" "reader" {
  input = "reads ${terraform_data.a.output}"
}

resource "terraform_data" "unrelated" {
  input = "other"
}

output "value" {
  value = terraform_data.reader.output
}
