flush1 = <<-EOT
    a
      b
    EOT
flush_interp0 = <<-EOT
    a
  ${"x"} b
    c
    EOT
flush_interp_col0 = <<-EOT
    a
${"x"} b
    c
    EOT
flush_blank = <<-EOT
    a

    b
    EOT
flush_wsblank = <<-EOT
    a
  
    b
    EOT
flush_tabs = <<-EOT
		a
	 b
		EOT
flush_tabmix = <<-EOT
	a
    b
  EOT
flush_dir = <<-EOT
    %{ if true }
    yes
    %{ endif }
    EOT
flush_dir_strip = <<-EOT
    %{ if true ~}
      yes
    %{ endif ~}
    z
    EOT
flush_for_strip = <<-EOT
    %{ for x in [1,2] ~}
      v ${x}
    %{ endfor ~}
    z
    EOT
heredoc_strip = <<EOT
A
    %{ if true ~}
      yes

    %{~ endif ~}

    z
EOT
heredoc_lstrip = <<EOT
A

    ${~ "q" ~}

    z
EOT
strip_dollar = <<EOT
A  
$${x} ${~ 1 ~} %%{y} z
EOT
indented_close = <<EOT
  a
  EOT
empty_heredoc = <<EOT
EOT
empty_flush = <<-EOT
  EOT
flush_last_only = <<-EOT
    a${"x"}
    EOT
flush_multi_interp = <<-EOT
      ${"x"}${"y"}
    b ${1}
        c
    EOT
flush_interp_multiline = <<-EOT
      a ${join(",",
  ["1"])} k
    b
    EOT
flush_esc = <<-EOT
      $${a}
    b
    EOT
heredoc_backslash = <<EOT
a\nb \" c
EOT
heredoc_crlf = <<EOT
a
b
EOT

flush_crlf = <<-EOT
  a

    b
  EOT

dollars_h = <<EOT
$ $$ % %% $$$ $${a} $$$${a} %%%{x} $ {a} a$
EOT
nfc_h = <<EOT
é
EOT
heredoc_in_call = upper(<<EOT
abc
EOT
)
heredoc_in_list = [<<EOT
abc
EOT
, 2]
heredoc_marker_in = <<EOT
 EOT x
EOTX
x EOT
EOT
interp_heredoc = "${<<EOT
abc
EOT
}x"
wsheredoc = <<EOT
 	

EOT
flush_ws_only = <<-EOT
     
   a
 EOT
flush_ws_only2 = <<-EOT
  
     a
 EOT
flush_nbsp = <<-EOT
  a
  b
 EOT
f1 = <<-EOT
    a
    ${~ "x" }
    EOT
f2 = <<-EOT
    a ${"x" ~}   
      b
    EOT
f3 = <<-EOT
    a
  %{ if true }b%{ endif }
    EOT
f4 = <<-EOT
    %{ if true }
  x
    %{ else }
 y
    %{ endif }
    EOT
f5 = <<-EOT
    a
  %{~ if true }b%{ endif }
    EOT
f6 = <<-EOT
    a
    ${"x" ~}
    b
    c
    EOT
f7 = <<-EOT
${"x"}
    EOT
f8 = <<-EOT
    ${"x"}    
    b
    EOT
f9 = <<-EOT
    ${<<-EOX
      in
    EOX
}
      b
    EOT
f10 = <<-EOT
    a %{ if true }b
  c
    %{ endif }d
    EOT
f11 = <<-EOT
    %{ for x in [1,2] }
    v ${x}
    %{ endfor }
    EOT
s1 = <<EOT
  a   ${~ 1 ~}  	
   b
EOT
nlh = [<<A
x
A
,<<B
y
B
]
hobj = {
 a = <<A
x
A
 b = 1
}
