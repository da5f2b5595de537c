resource "terraform_data" "once" {
  input = each.key
}

resource "terraform_data" "counted" {
  count = 2
  input = each.value
}

resource "terraform_data" "each" {
  for_each = toset(["north"])
  input    = count.index
}

output "itself" {
  value = self.input
}
