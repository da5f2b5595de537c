a=1 /* b
 c */
ddd=2
