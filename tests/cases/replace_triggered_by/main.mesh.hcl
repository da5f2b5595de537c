resource "terraform_data" "source" {
  input = {
    version = "1"
    mood    = "calm"
  }
}

resource "terraform_data" "by_attribute" {
  input = "a"

  lifecycle {
    replace_triggered_by = [terraform_data.source.input.version]
  }
}

resource "terraform_data" "by_anything" {
  input = "b"

  lifecycle {
    replace_triggered_by = [terraform_data.source]
  }
}

resource "terraform_data" "after_attribute" {
  input = "c"

  lifecycle {
    replace_triggered_by = [terraform_data.by_attribute.input]
  }
}
