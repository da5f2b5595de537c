terraform {
  backend "s3" {
    bucket = "states"
  }

  required_providers {
    random = {
      source = "hashicorp/random"
    }
  }

  provider_meta "acme" {
    module = "orders"
  }
}

resource "null_resource" "load" {
  triggers = { day = "monday" }
}

resource "random_password" "db" {
  length = 16
}

resource "time_static" "created" {}

data "archive_file" "code" {
  type = "zip"
}

data "external" "answer" {
  program = ["./answer.sh"]
}

data "http" "page" {
  url = "https://example.com"
}

data "template_file" "greeting" {
  template = "Hello"
}

data "terraform_remote_state" "network" {
  backend = "s3"
}
