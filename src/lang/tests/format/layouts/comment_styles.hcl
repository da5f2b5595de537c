# a
#b
//c
// d
/* e */
/*f*/
a=1 #b
ccc=2//d
