nums = [1e3, 1.5e-3, 01, 007.50, 1E+2, 123456789012345678901234567890.5, 0.1]
unary = [- -1, !!true, -(1), - 1]
prec = [1 + 2 * 3 - 4, true || false && false, 1 < 2 == true, 2 - 1 - 1, true ? 1 : false ? 2 : 3, -2 * 3]
dash = 1 -1
neg = [!true == false, -1 + 2, - 1 * -2]
true1 = [true, false, null]
condn = true ? "a" : "b"
