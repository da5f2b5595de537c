variable "name" {
  type = string
}

resource "terraform_data" "member" {
  count = 2
  input = "${var.name}${count.index}"
}

output "members" {
  value = terraform_data.member[*].output
}
