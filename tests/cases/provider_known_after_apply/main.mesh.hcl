resource "terraform_data" "region" {
  input = "north"
}

provider "local" {
  alias    = "region"
  base_dir = terraform_data.region.output
}

resource "local_bucket" "landing" {
  provider = local.region
  path     = "landing"
}

data "local_file" "note" {
  provider = local.region
  path     = "note.txt"
}

output "note" {
  value = data.local_file.note.content
}
