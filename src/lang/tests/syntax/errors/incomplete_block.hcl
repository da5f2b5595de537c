resource "x" "y"
a = 1
resource 1 {
}
resource "x" "${y}" {
}
