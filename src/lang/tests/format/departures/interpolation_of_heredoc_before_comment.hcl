# Terraform puts the comment behind the marker, which then ends no heredoc.
a="${<<EOT
b
EOT
}" # c
