output "region" {
  value = north
}

output "bucket" {
  value = var
}

output "here" {
  value = path.modul
}

output "orders" {
  value = local["orders"]
}
