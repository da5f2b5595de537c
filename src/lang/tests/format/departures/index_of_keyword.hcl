# Terraform drops the keyword.
a=b[true]
c=d[null].e
