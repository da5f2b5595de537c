a = 'x'
b = ['y', "z"]
c = f('it"s')
resource 'x' 'y' {
  d = 'unclosed
}
