# Terraform sees parentheses at both ends and takes them for one pair.
a="${(b)
+(c)}"
