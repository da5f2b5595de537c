resource "x" "y"
{
  a = 'x'
}
b
{
}
