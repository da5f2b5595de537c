a=<<EOT
  b
 ${c # d
} e
  ${f+ # g
h # i
}
EOT
