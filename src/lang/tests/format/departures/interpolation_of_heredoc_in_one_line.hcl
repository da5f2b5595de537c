# The marker of a heredoc must be alone on its line.
a { b="${<<EOT
c
EOT
}" }
