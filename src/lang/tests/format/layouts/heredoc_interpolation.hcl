a=<<EOT
${ b+c } ${d } ${ e["f"] }
%{ if g }h%{ else }i%{ endif }
%{~ for j in k ~}
  ${j}
%{~ endfor ~}
EOT
