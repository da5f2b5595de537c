# Terraform drops these labels.
a "$a" {}
a "b$${c}" "d%%{e}" {}
