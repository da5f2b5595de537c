resource "a" "b" {
  x = [
    { a = 1 b = 2 },
    { a = 'x', b = },
    f(1 2),
  ]
  y = 1 +
}
