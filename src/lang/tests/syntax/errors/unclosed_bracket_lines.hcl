resource "x" "y" {
  list = [
    "a",
    "b",

  next = 1
}
d = ,
