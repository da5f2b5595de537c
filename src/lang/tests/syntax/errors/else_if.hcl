a = "%{ if x }1%{ else if y }2%{ else }3%{ endif }"
b = <<EOT
%{ if x }1
%{ elif y }2
%{ endif }
EOT
c = 'x'
