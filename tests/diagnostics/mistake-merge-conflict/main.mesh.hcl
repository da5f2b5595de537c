resource "terraform_data" "a" {
<<<<<<< HEAD
  input = 1
=======
  input = 2
>>>>>>> feature
}
