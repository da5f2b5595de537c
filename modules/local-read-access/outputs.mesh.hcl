output "readers" {
  description = "Everyone who was granted access, such as \"user:alice (uid 1001)\"."
  value = concat(
    [for grant in local_grant.user : grant.principal],
    [for grant in local_grant.group : grant.principal],
  )
}
