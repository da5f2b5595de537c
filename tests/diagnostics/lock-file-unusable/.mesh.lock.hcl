format = 1

package "./a.zip" {
  hash = "h1:short"
}

package "./b.zip" {
}
