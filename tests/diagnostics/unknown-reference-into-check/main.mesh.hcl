check "files" {
  data "local_file" "found" {
    path = "a.txt"
  }

  assert {
    condition     = length(data.local_file.found.content) > 0
    error_message = "None."
  }
}

output "files" {
  value = data.local_file.found.content
}
