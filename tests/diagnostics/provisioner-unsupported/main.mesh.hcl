resource "terraform_data" "load" {
  provisioner "local-exec" {
    command = "./load.sh"
  }
}
