%{ for x in xs ~}
- ${x}
%{ endfor ~}
by ${owner}
