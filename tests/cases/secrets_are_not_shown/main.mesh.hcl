variable "password" {
  type      = string
  sensitive = true
}

resource "terraform_data" "login" {
  input = {
    user     = "app"
    password = var.password
  }
}

resource "terraform_data" "reader" {
  input            = "postgres://app:${terraform_data.login.output.password}@db"
  triggers_replace = sha256(var.password)
}

output "login" {
  value     = terraform_data.reader.output
  sensitive = true # output
}
