a=<<EOT
   text  ${b}  =  1
EOT
c=1
