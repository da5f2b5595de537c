a = <<EOT
hello ${name
world
EOT
b = 'x'
