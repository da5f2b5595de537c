a = {
  b = <<EOT
x
EOT
  c = 1

d = 2

