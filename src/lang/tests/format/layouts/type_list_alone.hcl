variable "a" { type=list }
variable "b" { type=map }
variable "c" { type=set }
variable "d" { type=any }
variable "e" { type=string }
variable "f" { type=tuple }
variable "g" { type=(list) }
