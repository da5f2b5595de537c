resource "terraform_data" "source" {
  input = -1
}

resource "terraform_data" "counted" {
  count = terraform_data.source.output
  input = count.index
}
