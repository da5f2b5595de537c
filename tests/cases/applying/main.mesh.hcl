provider "local" {
  base_dir = mesh.applying ? "writer" : "reader"
}

resource "terraform_data" "made" {
  input = 1
}

resource "local_job" "where" {
  command  = ["sh", "-c", "pwd > made"]
  triggers = { made = terraform_data.made.id }
}

data "local_file" "read" {
  path = "name.txt"
}

output "read" {
  value = data.local_file.read.content
}
