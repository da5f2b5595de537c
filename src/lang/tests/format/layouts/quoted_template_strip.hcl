a="b ${~ c ~} d"
e="%{~ if f ~} g %{~ endif ~}"
