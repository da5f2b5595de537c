a=provider :: local :: hash ( "x" )
b=core::upper("x")
