variable "a" {
variable "b" {
}
