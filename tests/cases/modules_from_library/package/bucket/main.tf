module "label" {
  source = "../label"
}

output "label" {
  value = "bucket VERSION, ${module.label.text}"
}
