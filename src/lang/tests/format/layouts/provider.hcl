provider "local"{
alias="a"
root="./x"
}
