locals {
  a = "%{ if true }yes"
  b = <<-EOT
    %{ for x in ["a"] }
    ${x}
  EOT
}
