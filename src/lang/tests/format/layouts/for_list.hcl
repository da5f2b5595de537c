a=[for b in c:d]
e=[ for b in c :d if e ]
f=[for b , c in d : "${b}-${c}"]
