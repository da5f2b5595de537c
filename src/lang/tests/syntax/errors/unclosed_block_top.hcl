variable "a" {
  type = string

variable "b" {
  type = string
}

output "c" {
  value = 1
}
