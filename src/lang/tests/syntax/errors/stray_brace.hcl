resource "x" "y" {
  lifecycle {
  }
  }
  a = 1
}
b = 1
