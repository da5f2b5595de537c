a=f(<<EOT
text
EOT
,b)
c=f(<<-EOT
  text
  EOT
)
