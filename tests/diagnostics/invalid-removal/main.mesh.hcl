removed {
  from = terraform_data.orders[0]
}

removed {
  from = data.local_file.orders
}

removed {
  from = terraform_data.sales
  lifecycle {
    destroy = var.keep
  }
  provisioner "local-exec" {
    command = "true"
  }
}
