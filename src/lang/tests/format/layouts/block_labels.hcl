resource a b{}
resource "a" b {}
resource "a""b"{}
resource   "a"   "b"   {}
