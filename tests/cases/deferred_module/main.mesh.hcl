resource "terraform_data" "teams" {
  input = ["x", "y"]
}

module "team" {
  source   = "./team"
  for_each = toset(terraform_data.teams.output)
  name     = each.key
}

resource "terraform_data" "after" {
  input      = "after"
  depends_on = [module.team]
}

output "members" {
  value = { for name, team in module.team : name => team.members }
}
