resource "terraform_data" "a" {
  input = "a"
}

resource "terraform_data" "b" {
  count = 2
  input = "${terraform_data.a.output}/b${count.index}"
}

resource "terraform_data" "c" {
  input = terraform_data.b[0].output
}

resource "terraform_data" "other" {
  input = "other"
}

output "c" {
  value = terraform_data.c.output
}
