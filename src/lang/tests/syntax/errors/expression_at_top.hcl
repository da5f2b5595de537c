f(1)
1 + 2
"text"
a.b = 1
a[0] = 1
${x}
