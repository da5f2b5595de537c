a = upper(<<EOT
text
EOT)
b = 1
