a {
b=<<EOT
c {
d=1 # e
}
EOT
}
