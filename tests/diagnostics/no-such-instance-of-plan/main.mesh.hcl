resource "terraform_data" "one" {
  input = 1
}

resource "terraform_data" "counted" {
  count = 2
  input = count.index
}

resource "terraform_data" "keyed" {
  for_each = toset(["north", "south"])
  input    = each.key
}

module "one" {
  source = "./port"
}

module "counted" {
  source = "./port"
  count  = 2
}

output "outputs" {
  value = [
    terraform_data.one[0].output,
    terraform_data.one["first"].output,
    terraform_data.counted.output,
    terraform_data.keyed.output,
    module.one[0].number,
    module.counted.number,
  ]
}
