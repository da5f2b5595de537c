a {
b=<<-EOT
      text
        more
      EOT
c=1
}
