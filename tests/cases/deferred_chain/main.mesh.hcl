resource "terraform_data" "source" {
  input = 2
}

resource "terraform_data" "first" {
  count = terraform_data.source.output
  input = count.index + 1
}

resource "terraform_data" "second" {
  count = try(terraform_data.first[0].output, 0)
  input = "second"
}
