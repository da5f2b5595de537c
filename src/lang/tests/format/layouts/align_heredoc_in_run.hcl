a=1
bcd=<<EOT
text = 1
EOT
ef=2
