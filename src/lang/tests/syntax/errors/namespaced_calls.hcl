a = provider::x::f
b = provider::(1)
c = ns::f(1)
