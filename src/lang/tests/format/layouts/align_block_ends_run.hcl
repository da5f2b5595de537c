a=1
long_name {
}
bc=2
