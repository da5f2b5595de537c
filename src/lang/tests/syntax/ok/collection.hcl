nfc = "é"
legacy = [[[1,2],[3]].0, [[[1,2],[3]]].*.0, [{a=[5]}].*.a.0, [{a=[5]}].0.a]
objnl = {a = 1,
 b = 2

 c = 3, }
objcolon = {a: 1, "b": 2, (upper("c")): 3, 1: 4, true = 5, null = 7}
forobj = {for k, v in {a=1} : k => v... if v > 0}
ident = {ï-x_1 = 1, _a = 2, a-b = 3}
c1 = [1 /* a */, # b
 2 // c
]
c2 = { # x
 a = 1 /* y */ # z
}
m1 = {
 a = [
 1
 ,2]
}
m2 = {
 a = (1
+2)
 b = upper(
"x"
)
}
m3 = [for x in [1] : {
 a = x
}]
m4 = {for x in ["a"] : x => {
 a = x
 b = 2 }
}
m6 = [
[1,2]
[0]
]
sp1 = [{a=[{b=1}]}].*.a[0]
sp2 = [{a=[{b=1}]}][*].a[0].b
sp3 = [{a=[{b=1}]}].*.a[0][0].b
sp4 = [{a=[{b=1}]}][*].a.*.b
dash2 = {a-1 = 2}
brk = {"a b" = 1}["a b"]
em = [[], {}, "", {
}, [
]]
