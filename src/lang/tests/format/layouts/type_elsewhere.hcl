resource "a" "b" {
type="list"
variable "c" {
type="map"
}
}
type="string"
