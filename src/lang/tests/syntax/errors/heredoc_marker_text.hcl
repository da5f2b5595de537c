a = <<EOT # comment
text
EOT
b = << END
text
END
c = <<-"EOT"
text
EOT
