a {
b=<<EOT
x ${join(",",[
for c in d:c
])} y
  ${ f # g
} z
EOT
}
