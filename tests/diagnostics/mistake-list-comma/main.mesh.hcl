locals {
  zones = ["north" "south"]
  more = [
    "a",
    "b"
    "c",
  ]
}
