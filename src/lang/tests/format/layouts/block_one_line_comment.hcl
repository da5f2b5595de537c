a { b=1 } # c
dd { e=1 } // f
