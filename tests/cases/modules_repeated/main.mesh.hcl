module "team" {
  source   = "./team"
  for_each = { red = 2, blue = 1 }

  name  = each.key
  desks = each.value
}

module "spare" {
  source = "./team"
  count  = 1

  name  = "spare ${count.index}"
  desks = 1
}

output "desks" {
  value = merge({ for key, team in module.team : key => team.desks }, { spare = module.spare[0].desks })
}
