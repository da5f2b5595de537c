resource "terraform_data" "a_late" {
  input      = "late"
  depends_on = [terraform_data.z_early, module.store]
}

resource "terraform_data" "z_early" {
  input = "early"
}

module "store" {
  source     = "./store"
  depends_on = [terraform_data.z_early]
}

# A local value stands for what it reads.
locals {
  early = terraform_data.z_early.id
}

resource "terraform_data" "a_later" {
  input      = "later"
  depends_on = [local.early]
}
