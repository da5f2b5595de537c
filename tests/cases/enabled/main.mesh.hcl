variable "report" {
  default = true
}

resource "terraform_data" "report" {
  input = "weekly"

  lifecycle {
    enabled = var.report
  }
}

data "local_file" "notes" {
  path = "notes/a.txt"

  lifecycle {
    enabled = var.report
  }
}

module "archive" {
  source = "./archive"

  lifecycle {
    enabled = var.report
  }
}

resource "terraform_data" "size" {
  input = var.report ? 1 : 0
}

resource "terraform_data" "later" {
  lifecycle {
    enabled = terraform_data.size.output > 0
  }
}

output "report" {
  value = terraform_data.report == null ? "none" : terraform_data.report.output
}

output "archive" {
  value = try(module.archive.name, "none")
}
