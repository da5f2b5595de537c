a { # b
cc=1 # d
}
