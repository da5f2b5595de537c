resource "x" "y" {
  a = <<EOT
text
  b = 1
}
