output "a" {
  value = one(["north", "south"])
}

output "b" {
  value = coalesce(null, "")
}

output "c" {
  value = element([], 0)
}

output "d" {
  value = range(1, 2, 0)
}

output "e" {
  value = zipmap(["a"], [])
}

output "f" {
  value = merge(1)
}

output "g" {
  value = sum([])
}
