resource "terraform_data" "a" {
  input = "text"
}

resource "terraform_data" "b" {
  count = 2
  input = [1, true, null, { deep = 0.1 }]
}

output "text" {
  value = terraform_data.a.output
}

output "list" {
  value = terraform_data.b[1].output
}

output "secret" {
  value     = "hidden"
  sensitive = true
}
