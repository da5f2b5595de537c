# How many machines the team wants is known when this is done.
resource "terraform_data" "size" {
  input = 10
}
