a="${b}c"
d="${b}${c}"
e=["${b}"]
f={g="${b}"}
h=i("${b}")
j=("${b}")
k="%{if b}c%{endif}"
l=<<EOT
${b}
EOT
