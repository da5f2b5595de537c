description = "this goes on
over three lines
and ends here"
b = 'x'
