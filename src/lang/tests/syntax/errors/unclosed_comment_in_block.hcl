a {
  b = [1, /* here
  c = 2
}
