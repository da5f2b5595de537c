check "nothing" {
}
