a = "hello ${upper(name}"
b = 1
