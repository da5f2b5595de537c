quoted_strip = "a \n ${~ "q" ~} \n\n b"
dollars = ["$", "$$", "%", "%%", "$$$", "$${a}", "$$${1}", "$$$${a}", "%%%{x}", "$ {a}", "a$", "a%"]
uni = "\U0001F600\u00e9"
nfc_split = "e${""}́"
unwrap1 = [" ${~ 1}", "${~ 1 ~}", " ${~ true ~} ", "${1}${""}", "%{ if true }${1}%{ endif }"]
dirs = "%{if true}a%{else}b%{endif}%{for i, v in [1,2]}${i}=${v};%{endfor}"
nested_quotes = "a${"b${"c"}"}d"
nl_interp = "a${
1
}d"
brace_interp = "a${jsonencode({a = "}"})}d"
escnl = "a\tb\\n\"q\""
interp_cmt = "${1 /* } */}x"
strip_unicode = "a ${~ 1 ~} b"
s2 = "%{ if true ~}   a   %{ else ~}  b   %{~ endif ~}   z"
s3 = "%{ if false ~}   a   %{~ else ~}  b   %{ endif ~}   z"
s4 = "x ${1 ~}   ${~ 2}"
s5 = ["  %{~ if true ~}  %{~ endif ~}  "]
q1 = "%{ if true # c
}x%{ endif }"
q2 = "$${~ x}"
m5 = {a = "${
{ b = 1
 c = 2 }.b
}"}
m7 = "%{ for k, v in {a = 1} }${k}${v}%{ endfor }"
k1 = {(true) = 1, "${"x"}y" = 2}
ft = {for k, v in {a=1} : "${k}x" => v}
