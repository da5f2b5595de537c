a=[
1, # b
22, # c
"ddd" # e
]
