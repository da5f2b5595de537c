name="a"
tags={b="c",ddd="e"}
list=[
"f",
"g"
]
