a=<<EOT
"b" \n $${c} %%{d}
EOT
