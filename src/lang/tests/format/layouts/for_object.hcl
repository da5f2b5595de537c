a={for b,c in d:b=>c}
e={ for b in c : b=>d... }
f={for b in c:b.x=>b...if b.y}
