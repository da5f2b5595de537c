# Terraform makes another number of it.
a=1 .5
