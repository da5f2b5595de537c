a{}
b{ }
c{
}
d {

}
