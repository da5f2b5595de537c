variable "a" { type="string" }
variable "b" { type="list" }
variable "c" { type="map" }
variable "d" { type="number" }
variable "e" { type="any" }
variable f {
type="string"
default="${g}"
}
variable "h" { type="set" }
variable "i" { type="bool" }
