# Terraform leaves the comment and a value on the next line, which is no value of an argument.
a="${ # b
c
}"
