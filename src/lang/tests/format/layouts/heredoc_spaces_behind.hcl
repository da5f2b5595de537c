a=<<EOT
b
EOT  
ccc=<<-EOT
b
  EOT	
 d=1 # x
