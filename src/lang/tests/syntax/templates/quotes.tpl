<<EOT
 "q" 