locals {
  version = 2
}

resource "terraform_data" "version" {
  input = local.version
}

resource "terraform_data" "served" {
  count = 2

  lifecycle {
    replace_triggered_by = [
      local.version,
      terraform_data.version.output == 1,
      terraform_data.version[count.index],
      data.local_file.a,
      terraform_data.nothing,
    ]
    ignore_changes = [input, nothing, all]
  }
}
