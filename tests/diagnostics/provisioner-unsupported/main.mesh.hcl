resource "terraform_data" "load" {
  provisioner "local-exec" {
    when    = destroy
    command = "./load.sh ${self.id}"
  }
}
