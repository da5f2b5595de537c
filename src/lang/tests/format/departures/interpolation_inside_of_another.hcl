# Terraform takes one off a run.
a="${"${b}"}"
