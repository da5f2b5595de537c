output "text" {
  value = templatefile("${path.module}/parts/text.tftpl", { name = "a label" })
}
