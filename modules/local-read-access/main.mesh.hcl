resource "local_grant" "user" {
  for_each = var.users

  path        = var.path
  user        = each.key
  permissions = "read"
}

resource "local_grant" "group" {
  for_each = var.groups

  path        = var.path
  group       = each.key
  permissions = "read"
}
