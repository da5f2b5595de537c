a { # b
c=1 # d
eeee=[ # f
1, # g
234 # h
]
}
