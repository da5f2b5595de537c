module "store" {
  source = "./store"

  lifecycle {
    enabled = false
  }
}

resource "terraform_data" "a" {
  lifecycle {
    enabled = false
  }
}

output "id" {
  value = module.store.id
}

output "a" {
  value = terraform_data.a.id
}
