# Terraform sees no line break in a line comment, and so sets no parentheses.
a="${b # c
? d : e}"
