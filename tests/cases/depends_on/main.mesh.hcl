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
