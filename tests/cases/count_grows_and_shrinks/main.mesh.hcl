variable "days" {
  default = 2
}

resource "terraform_data" "day" {
  count = var.days
  input = "day ${count.index}"
}

resource "terraform_data" "first_day" {
  input = terraform_data.day[0].output
}

output "days" {
  value = terraform_data.day[*].output
}
