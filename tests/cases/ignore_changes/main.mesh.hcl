resource "terraform_data" "one_attribute" {
  input            = "first"
  triggers_replace = "always"

  lifecycle {
    ignore_changes = [input]
  }
}

resource "terraform_data" "one_key" {
  input = {
    owner  = "alice"
    colour = "blue"
  }

  lifecycle {
    ignore_changes = [input.owner]
  }
}

resource "terraform_data" "all" {
  input            = "first"
  triggers_replace = "first"

  lifecycle {
    ignore_changes = all
  }
}

output "values" {
  value = [terraform_data.one_attribute.output, terraform_data.one_key.output, terraform_data.all.output]
}
